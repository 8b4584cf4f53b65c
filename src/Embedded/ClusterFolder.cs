using System.Runtime.Versioning;
using System.Security.Cryptography;
using System.Text;
using FollowUp.Infrastructure;

namespace FollowUp.Embedded;

/// <summary>
/// The folder with the cluster, its password, its log and the lock that keeps a second program out. It is usually the requested folder. If that
/// folder is not accessible to the server's user (a checkout of root), it is elsewhere, and a pointer file in the requested folder names it.
/// </summary>
[UnsupportedOSPlatform("windows")]
internal sealed class ClusterFolder : IDisposable
{
    private const string Elsewhere = "/var/lib/followup";

    private const string LockFile = "lock";

    // In the requested folder if the database is elsewhere: contains its path.
    private const string PointerFile = "moved-to";

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    // Independent of root's umask: the server's user needs access.
    private const UnixFileMode OpenToAll =
        OwnerOnly | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    private readonly FileStream _lock;

    private ClusterFolder(string home, ServerUser user, FileStream held)
    {
        Home = home;
        User = user;
        _lock = held;
    }

    public string Home { get; }
    public ServerUser User { get; }
    public string Cluster => Path.Combine(Home, "cluster");
    public string PasswordFile => Path.Combine(Home, "password");
    public string LogFile => Path.Combine(Home, "server.log");

    /// <summary>True if the cluster belongs to a requested folder that has been deleted since: it is deleted as well.</summary>
    public bool Orphaned { get; private init; }

    /// <summary>The major version that created the cluster; null if there is none yet.</summary>
    public string? Version => Path.Combine(Cluster, "PG_VERSION") is var file && File.Exists(file) ? File.ReadAllText(file).Trim() : null;

    public static async Task<ClusterFolder> Open(string wanted, ILogger log, CancellationToken ct)
    {
        try
        {
            var (home, user) = (wanted, await ServerUser.For(Path.Combine(wanted, "cluster"), ct));
            await Prepare(home, user, ct);
            if (user.Name is null || await user.CanWrite(home, ct))
            {
                return new ClusterFolder(home, user, Lock(home));
            }

            if (Directory.Exists(Path.Combine(home, "cluster")))
            {
                throw new EmbeddedPostgresException(
                    $"The database in {home} is not accessible to its user '{user.Name}': that user has no access to a folder above it."
                );
            }

            home = Path.Combine(Elsewhere, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(wanted)))[..16]);
            user = await ServerUser.For(Path.Combine(home, "cluster"), ct);
            Directory.CreateDirectory(Elsewhere);
            File.SetUnixFileMode(Elsewhere, OpenToAll);
            await Prepare(home, user, ct);
            var pointer = Path.Combine(wanted, PointerFile);
            var folder = new ClusterFolder(home, user, Lock(home)) { Orphaned = !File.Exists(pointer) };
            await File.WriteAllTextAsync(pointer, home + "\n", ct);
            log.DatabaseLiesElsewhere(home, wanted, user.Name!);
            return folder;
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException)
        {
            throw new EmbeddedPostgresException(
                $"The database's folder cannot be used: {e.Message} Choose another one, or check its owner.",
                e
            );
        }
    }

    /// <summary>The password of the cluster's only role; created before the cluster.</summary>
    public async Task<string> Password(CancellationToken ct)
    {
        if (Version is not null)
        {
            return File.Exists(PasswordFile)
                ? (await File.ReadAllTextAsync(PasswordFile, ct)).Trim()
                : throw new EmbeddedPostgresException(
                    $"The database's password is missing from {PasswordFile}: delete {Home} to start with an empty database."
                );
        }

        // A previous start ended before it created the cluster. Its password file may belong to the wrong user.
        File.Delete(PasswordFile);
        var password = RandomNumberGenerator.GetHexString(32, lowercase: true);
        var private0600 = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        };
        await using (var file = new StreamWriter(PasswordFile, private0600))
        {
            await file.WriteLineAsync(password);
        }

        // initdb reads it as the server's user.
        await User.Give(PasswordFile, ct);
        return password;
    }

    /// <summary>Deletes the cluster and its password.</summary>
    public void Clear()
    {
        if (Directory.Exists(Cluster))
        {
            Directory.Delete(Cluster, recursive: true);
        }

        File.Delete(PasswordFile);
    }

    public void Dispose() => _lock.Dispose();

    private static async Task Prepare(string home, ServerUser user, CancellationToken ct)
    {
        // Modes and owners are set on the target of a link, so a link could change the owner of another folder.
        PrivateFiles.RefuseLink(home);
        // The owner of the folder changes and other users lose access, so it must not contain anything else.
        if (Directory.Exists(home) && Directory.EnumerateFileSystemEntries(home).Any() && !IsOurs(home))
        {
            throw new EmbeddedPostgresException($"{home} contains other files: the database needs an empty folder.");
        }

        PrivateFiles.CreateFolder(home);
        File.SetUnixFileMode(home, OwnerOnly);
        PrivateFiles.RefuseLink(Path.Combine(home, LockFile));
        PrivateFiles.RefuseLink(Path.Combine(home, PointerFile));
        await user.Give(home, ct);
    }

    private static bool IsOurs(string home) => File.Exists(Path.Combine(home, LockFile)) || File.Exists(Path.Combine(home, PointerFile));

    // The operating system releases the lock when the program ends, even if it crashes; the file remains.
    private static FileStream Lock(string home)
    {
        try
        {
            return new FileStream(Path.Combine(home, LockFile), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e)
        {
            throw new EmbeddedPostgresException(
                $"Another program is using the database in {home}: stop it, or choose another data folder.",
                e
            );
        }
    }
}
