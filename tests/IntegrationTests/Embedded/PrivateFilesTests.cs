using System.Runtime.Versioning;
using FollowUp.Embedded;
using FollowUp.Infrastructure;

namespace FollowUp.IntegrationTests.Embedded;

/// <summary>Files with personal data are accessible to the program's user only, and symbolic links at their paths are not followed.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class PrivateFilesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("followup-private-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_symbolic_link_at_the_path_of_a_new_file_is_not_followed()
    {
        var target = Path.Combine(_folder, "target");
        var link = Path.Combine(_folder, "link");
        File.CreateSymbolicLink(link, target);

        Should.Throw<IOException>(() => PrivateFiles.Create(link));

        File.Exists(target).ShouldBeFalse();
    }

    [Fact]
    public void A_private_folder_and_file_are_accessible_to_their_owner_only()
    {
        var folder = Path.Combine(_folder, "a", "b");

        PrivateFiles.CreateFolder(folder);
        PrivateFiles.ReadOrCreate(folder, "key", () => [1, 2, 3]).ShouldBe([1, 2, 3]);

        File.GetUnixFileMode(folder).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        File.GetUnixFileMode(Path.Combine(folder, "key")).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        PrivateFiles.ReadOrCreate(folder, "key", () => [4]).ShouldBe([1, 2, 3]);
    }

    [Fact]
    public async Task A_database_folder_that_is_a_symbolic_link_is_rejected()
    {
        var target = Directory.CreateDirectory(Path.Combine(_folder, "target"));
        var mode = File.GetUnixFileMode(target.FullName);
        var link = Path.Combine(_folder, "postgres");
        Directory.CreateSymbolicLink(link, target.FullName);

        var start = () => EmbeddedPostgres.Start(new EmbeddedPostgresOptions { DataFolder = link }, CancellationToken.None);

        (await start.ShouldThrowAsync<EmbeddedPostgresException>()).Message.ShouldContain("is a link");
        File.GetUnixFileMode(target.FullName).ShouldBe(mode);
        target.EnumerateFileSystemInfos().ShouldBeEmpty();
    }
}
