namespace FollowUp.Embedded;

/// <summary>The user that the server runs as. PostgreSQL refuses to run as root, so root needs another user for it.</summary>
internal sealed class ServerUser
{
    private static readonly TimeSpan Short = TimeSpan.FromSeconds(20);

    private readonly Func<string, IEnumerable<string>, (string File, IEnumerable<string> Arguments)> _wrap;

    private ServerUser(string? name, Func<string, IEnumerable<string>, (string, IEnumerable<string>)> wrap)
    {
        Name = name;
        _wrap = wrap;
    }

    /// <summary>The name of that user; null if this program's user is used.</summary>
    public string? Name { get; }

    /// <summary>The owner of an existing cluster, so that root can open one that a normal user created; else <c>postgres</c>, else <c>nobody</c>.</summary>
    public static async Task<ServerUser> For(string clusterFolder, CancellationToken ct)
    {
        if (!Environment.IsPrivilegedProcess)
        {
            return new ServerUser(null, (file, arguments) => (file, arguments));
        }

        string?[] names = [await OwnerOf(clusterFolder, ct), "postgres", "nobody"];
        foreach (var name in names.OfType<string>())
        {
            if (await Lend(name, ct) is { } user)
            {
                return user;
            }
        }

        throw new EmbeddedPostgresException(
            "PostgreSQL does not run as root, and it could not be run as 'postgres' or 'nobody': start FollowUp as a normal user, or set ConnectionStrings__FollowUp."
        );
    }

    /// <summary>Runs a program as this user.</summary>
    public Task<ProgramResult> Run(string file, IEnumerable<string> arguments, TimeSpan limit, CancellationToken ct)
    {
        var (wrapped, wrappedArguments) = _wrap(file, arguments);
        return ChildProgram.Run(wrapped, wrappedArguments, limit, ct);
    }

    /// <summary>Whether this user can write to the folder; other users have no access to a checkout in /root.</summary>
    public async Task<bool> CanWrite(string folder, CancellationToken ct) => (await Run("test", ["-w", folder], Short, ct)).Succeeded;

    /// <summary>Makes this user the owner of a file or folder (without its contents).</summary>
    public async Task Give(string path, CancellationToken ct)
    {
        if (Name is not null && await ChildProgram.Run("chown", [Name, path], Short, ct) is { Succeeded: false } failure)
        {
            throw new EmbeddedPostgresException($"{path} cannot be given to the user '{Name}': {failure.Output}");
        }
    }

    private static async Task<string?> OwnerOf(string folder, CancellationToken ct)
    {
        if (!Directory.Exists(folder))
        {
            return null;
        }

        string[] format = OperatingSystem.IsMacOS() ? ["-f", "%Su"] : ["-c", "%U"];
        var owner = await ChildProgram.Run("stat", [.. format, folder], Short, ct);
        return owner is { Succeeded: true, Output: not "root" } ? owner.Output : null;
    }

    // Systems differ in which of the three programs they have and whether it works (BusyBox has a limited setpriv), so each is tried.
    private static async Task<ServerUser?> Lend(string name, CancellationToken ct)
    {
        var uid = await ChildProgram.Run("id", ["-u", name], Short, ct);
        var gid = await ChildProgram.Run("id", ["-g", name], Short, ct);
        if (!uid.Succeeded || !gid.Succeeded)
        {
            return null;
        }

        ServerUser[] ways =
        [
            new(
                name,
                (file, args) => ("setpriv", [$"--reuid={uid.Output}", $"--regid={gid.Output}", "--init-groups", "--", file, .. args])
            ),
            new(name, (file, args) => ("runuser", ["-u", name, "--", file, .. args])),
            new(name, (file, args) => ("su", ["-s", "/bin/sh", name, "-c", string.Join(' ', args.Prepend(file).Select(Quote))])),
        ];
        foreach (var way in ways)
        {
            try
            {
                if ((await way.Run("true", [], Short, ct)).Succeeded)
                {
                    return way;
                }
            }
            catch (EmbeddedPostgresException)
            {
                // This system does not have the program: try the next one.
            }
        }

        return null;
    }

    private static string Quote(string argument) => $"'{argument.Replace("'", @"'\''", StringComparison.Ordinal)}'";
}
