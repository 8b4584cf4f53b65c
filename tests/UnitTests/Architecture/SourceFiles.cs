namespace FollowUp.UnitTests.Architecture;

/// <summary>The checkout that the tests run in.</summary>
internal static class SourceFiles
{
    /// <summary>The folder of <c>FollowUp.sln</c>.</summary>
    public static string Root { get; } = Find();

    /// <summary>The C# files of a folder, with their path from the root.</summary>
    public static IEnumerable<(string Path, string Text)> In(string folder) =>
        Directory
            .EnumerateFiles(Path.Combine(Root, folder), "*.cs", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Root, file).Replace('\\', '/'))
            .Where(path => !path.Contains("/obj/", StringComparison.Ordinal) && !path.Contains("/bin/", StringComparison.Ordinal))
            .Select(path => (path, File.ReadAllText(Path.Combine(Root, path))));

    private static string Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "FollowUp.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("The tests do not run inside a checkout.");
        }

        return folder.FullName;
    }
}
