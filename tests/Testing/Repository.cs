namespace FollowUp.Testing;

/// <summary>The repository of the tests.</summary>
public static class Repository
{
    /// <summary>Its root folder.</summary>
    public static string Root { get; } = Find();

    private static string Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "FollowUp.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("FollowUp.sln is in no folder above the tests.");
        }

        return folder.FullName;
    }
}
