"""The service behind the proxies: nginx, which answers from memory and is the fastest of the five to answer.

Two of it stand for the stable and the canary version, one pair for HTTP/1.1 and one for gRPC, in one nginx. A gRPC
answer is what a server sends for a unary call: headers, one length-prefixed message, and grpc-status in trailers.
"""
from .processes import FILES, answers, free_port, until

GRPC_PATH = "/bench.Echo/Unary"
GRPC_MESSAGE = b"\x0a\x1e" + b"x" * 30  # field 1, 30 bytes of text
GRPC_FRAME = b"\x00" + len(GRPC_MESSAGE).to_bytes(4, "big") + GRPC_MESSAGE


class Backend:
    def __init__(self, stage, cores, workers):
        self.http = [free_port(), free_port()]
        self.grpc = [free_port(), free_port()]
        stage.file("message.bin", GRPC_FRAME)
        config = stage.file("backend.conf", self._config(stage.folder, workers))
        self.process = stage.start(
            "backend", ["nginx", "-p", stage.folder, "-c", config, "-e", stage.path("backend-error.log")], cores)
        until(lambda: answers(f"http://127.0.0.1:{self.http[1]}/healthz"), "An answer of the backend", process=self.process)

    def _config(self, folder, workers):
        listen_http = " ".join(f"listen 127.0.0.1:{port} reuseport backlog=16384;" for port in self.http)
        listen_grpc = " ".join(f"listen 127.0.0.1:{port} http2 reuseport backlog=16384;" for port in self.grpc)
        return f"""
daemon off;
worker_processes {workers};
worker_rlimit_nofile {FILES};
pid {folder}/backend.pid;
error_log {folder}/backend-error.log;
events {{ worker_connections 16384; }}
http {{
    access_log off;
    # Connections of the proxies are never closed under them.
    keepalive_requests 1000000000;
    keepalive_timeout 1h;
    client_body_temp_path {folder}/backend-body;
    proxy_temp_path {folder}/backend-t1; fastcgi_temp_path {folder}/backend-t2;
    uwsgi_temp_path {folder}/backend-t3; scgi_temp_path {folder}/backend-t4;
    default_type text/plain;
    http2_max_concurrent_streams 1024;
    server {{
        {listen_http}
        set $kilobyte "{'k' * 1024}";
        location = /100  {{ return 200 "{'x' * 100}"; }}
        location = /10k  {{ return 200 "{'$kilobyte' * 10}"; }}
        # Reads the body and throws it away, then answers two bytes.
        location = /echo {{ return 200 "ok"; }}
        location = /healthz {{ return 200 "ok"; }}
    }}
    server {{
        {listen_grpc}
        default_type application/grpc;
        open_file_cache max=10 inactive=1h;
        location = {GRPC_PATH} {{
            # A gRPC server reads the message before it answers; here the mirror does.
            mirror /read;
            # A file is served to GET only; the hop makes a GET of the POST.
            alias {folder}/message.bin;
            error_page 405 =200 /message.bin;
        }}
        location = /read {{ internal; return 204; }}
        location = /message.bin {{
            internal;
            root {folder};
            add_trailer grpc-status 0;
        }}
    }}
}}
"""
