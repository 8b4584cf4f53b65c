namespace FollowUp.Infrastructure;

/// <summary>Files and folders that only the program's own user can read: modes 0600 and 0700 where the system has modes.</summary>
internal static class PrivateFiles
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Creates a folder and its missing parents, accessible only to the program's own user.</summary>
    public static DirectoryInfo CreateFolder(string path) =>
        OperatingSystem.IsWindows()
            ? Directory.CreateDirectory(path)
            : Directory.CreateDirectory(path, OwnerOnly | UnixFileMode.UserExecute);

    /// <summary>Creates a new file. Fails if a link has that name, whatever its target.</summary>
    /// <exception cref="IOException">The name is already in use.</exception>
    public static FileStream Create(string path)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            Options = FileOptions.Asynchronous,
        };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }

        return new FileStream(path, options);
    }

    /// <summary>Rejects a symbolic link, even a dangling one.</summary>
    /// <exception cref="IOException">A link has this name.</exception>
    public static void RefuseLink(string path)
    {
        if (new FileInfo(path).LinkTarget is { } target)
        {
            throw new IOException($"{path} is a link to {target}; links are not followed here.");
        }
    }

    /// <summary>Returns the content of a file, which is created if it does not exist.</summary>
    public static byte[] ReadOrCreate(string folder, string name, Func<byte[]> content)
    {
        CreateFolder(folder);
        var file = Path.Combine(folder, name);
        if (!File.Exists(file))
        {
            // Written under a temporary name and moved without overwriting: if two nodes start at once, both use the content of the first.
            var aside = $"{file}.{Guid.NewGuid():N}";
            using (var stream = Create(aside))
            {
                stream.Write(content());
            }

            try
            {
                File.Move(aside, file, overwrite: false);
            }
            catch (IOException) when (File.Exists(file))
            {
                File.Delete(aside);
            }
        }

        return File.ReadAllBytes(file);
    }
}
