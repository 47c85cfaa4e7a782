using MeshCanary.Testing.Files;

namespace MeshCanary.Testing.Tests.Files;

public class TempFolderTests
{
    [Fact]
    public void Dispose_FolderHasFiles_Deletes()
    {
        var folder = new TempFolder();
        var file = folder.Write("a.txt", "text");
        Assert.Equal("text", File.ReadAllText(file));
        Assert.StartsWith(folder.FullName, file, StringComparison.Ordinal);

        folder.Dispose();

        Assert.False(Directory.Exists(folder.FullName));
    }

    [Fact]
    public void Dispose_FolderIsGone_IsQuiet()
    {
        using var folder = new TempFolder();

        Directory.Delete(folder.FullName);
    }
}
