namespace FollowUp.UnitTests.Architecture;

/// <summary>The checkout that the tests run in.</summary>
internal static class SourceFiles
{
    /// <summary>The folder of <c>FollowUp.sln</c>.</summary>
    public static string Root { get; } = Find();

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
