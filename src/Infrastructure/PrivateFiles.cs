namespace FollowUp.Infrastructure;

/// <summary>Files and folders that only the program's own user may read: 0600 and 0700 where the system has such modes.</summary>
internal static class PrivateFiles
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Creates a folder, and those above it that do not exist, for the program's own user alone.</summary>
    public static DirectoryInfo CreateFolder(string path) =>
        OperatingSystem.IsWindows()
            ? Directory.CreateDirectory(path)
            : Directory.CreateDirectory(path, OwnerOnly | UnixFileMode.UserExecute);

    /// <summary>Creates a file that does not exist yet. A link in its place is refused, whatever it points to.</summary>
    /// <exception cref="IOException">There is something of this name already.</exception>
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

    /// <summary>Refuses a symbolic link, also one that points nowhere.</summary>
    /// <exception cref="IOException">There is a link of this name.</exception>
    public static void RefuseLink(string path)
    {
        if (new FileInfo(path).LinkTarget is { } target)
        {
            throw new IOException($"{path} is a link to {target}; links are not followed here.");
        }
    }

    /// <summary>The content of a file, which is made when there is none.</summary>
    public static byte[] ReadOrCreate(string folder, string name, Func<byte[]> content)
    {
        CreateFolder(folder);
        var file = Path.Combine(folder, name);
        if (!File.Exists(file))
        {
            // Written under another name and moved without overwriting: of two nodes that start at once, both end up with the content of one.
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
