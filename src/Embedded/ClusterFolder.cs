using System.Runtime.Versioning;
using System.Security.Cryptography;
using System.Text;
using FollowUp.Infrastructure;
using Microsoft.Extensions.Logging;

namespace FollowUp.Embedded;

/// <summary>
/// The folder with the cluster, its password, its log and the lock that keeps a second program out. It is usually the wanted
/// folder; where root's checkout is closed to the server's user, it lies elsewhere and the wanted folder says where.
/// </summary>
[UnsupportedOSPlatform("windows")]
internal sealed class ClusterFolder : IDisposable
{
    private const string Elsewhere = "/var/lib/followup";

    private const string LockFile = "lock";

    // In the wanted folder, when the database had to go elsewhere: says where.
    private const string PointerFile = "moved-to";

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    // Whatever the umask of root is: the server's user has to get through.
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

    /// <summary>True when the cluster belongs to a wanted folder that has been deleted since: it is to go the same way.</summary>
    public bool Orphaned { get; private init; }

    /// <summary>The major version that made the cluster, null when there is none yet.</summary>
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
                    $"The database in {home} cannot be reached by its user '{user.Name}': a folder above it is closed to that user."
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
                $"The database's folder cannot be used: {e.Message} Choose another one, or see who owns it.",
                e
            );
        }
    }

    /// <summary>The password of the cluster's one role; made before the cluster is.</summary>
    public async Task<string> Password(CancellationToken ct)
    {
        if (Version is not null)
        {
            return File.Exists(PasswordFile)
                ? (await File.ReadAllTextAsync(PasswordFile, ct)).Trim()
                : throw new EmbeddedPostgresException(
                    $"The database's password is missing from {PasswordFile}: delete {Home} to begin anew."
                );
        }

        // One that a start left which ended before there was a cluster: it is nobody's, and may not have been given to the server's user.
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

        // initdb reads it.
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
        // Modes and owners are set on what a link points to, so a link could have another folder given away.
        PrivateFiles.RefuseLink(home);
        // The folder is given away and closed to others, so it had better be nobody else's.
        if (Directory.Exists(home) && Directory.EnumerateFileSystemEntries(home).Any() && !IsOurs(home))
        {
            throw new EmbeddedPostgresException($"{home} holds other files: the database needs a folder of its own.");
        }

        PrivateFiles.CreateFolder(home);
        File.SetUnixFileMode(home, OwnerOnly);
        PrivateFiles.RefuseLink(Path.Combine(home, LockFile));
        PrivateFiles.RefuseLink(Path.Combine(home, PointerFile));
        await user.Give(home, ct);
    }

    private static bool IsOurs(string home) => File.Exists(Path.Combine(home, LockFile)) || File.Exists(Path.Combine(home, PointerFile));

    // The operating system drops the lock when the program ends, however it ends; the file stays.
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
