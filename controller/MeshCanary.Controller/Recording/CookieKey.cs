using System.Collections.Immutable;

namespace MeshCanary.Controller.Recording;

/// <summary>A key that signs the cookies of one Canary's users.</summary>
/// <param name="Id">Its name in the cookies.</param>
/// <param name="Secret">32 random bytes.</param>
/// <param name="MadeAt">When it was made.</param>
internal sealed record CookieKey(string Id, ImmutableArray<byte> Secret, DateTimeOffset MadeAt);
