using System.Runtime.Versioning;
using FollowUp.Embedded;
using FollowUp.Infrastructure;

namespace FollowUp.IntegrationTests.Embedded;

/// <summary>Files with people's data are for the program's own user, and links that lie in their place lead nowhere.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class PrivateFilesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("followup-private-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_link_in_the_place_of_a_new_file_is_not_written_through()
    {
        var target = Path.Combine(_folder, "target");
        var link = Path.Combine(_folder, "link");
        File.CreateSymbolicLink(link, target);

        Should.Throw<IOException>(() => PrivateFiles.Create(link));

        File.Exists(target).ShouldBeFalse();
    }

    [Fact]
    public void A_folder_and_a_file_are_made_for_their_owner_alone()
    {
        var folder = Path.Combine(_folder, "a", "b");

        PrivateFiles.CreateFolder(folder);
        PrivateFiles.ReadOrCreate(folder, "key", () => [1, 2, 3]).ShouldBe([1, 2, 3]);

        File.GetUnixFileMode(folder).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        File.GetUnixFileMode(Path.Combine(folder, "key")).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        PrivateFiles.ReadOrCreate(folder, "key", () => [4]).ShouldBe([1, 2, 3]);
    }

    [Fact]
    public async Task A_database_folder_that_is_a_link_is_refused_and_its_target_left_alone()
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
