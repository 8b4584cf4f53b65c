using FollowUp.IntegrationTests.Support;

namespace FollowUp.IntegrationTests.WebConsole;

/// <summary>The program with a small console: the document, a script with a hash in its name and its Brotli copy, and a file without a hash.</summary>
public sealed class ServedConsole : TestProgram
{
    public const string Script = "console.log('plain')";
    public const string Compressed = "compressed";

    private readonly string _folder = Folder();

    protected override IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string> { ["Console:Folder"] = _folder };

    private static string Folder()
    {
        var folder = Directory.CreateTempSubdirectory("followup-console-").FullName;
        Directory.CreateDirectory(Path.Combine(folder, "assets"));
        Directory.CreateDirectory(Path.Combine(folder, "console"));
        File.WriteAllText(Path.Combine(folder, "index.html"), """<html><head><meta name="followup" content="none" /></head></html>""");
        File.WriteAllText(Path.Combine(folder, "assets", "index-1a2b3c4d.js"), Script);
        File.WriteAllText(Path.Combine(folder, "assets", "index-1a2b3c4d.js.br"), Compressed);
        File.WriteAllText(Path.Combine(folder, "console", "theme.js"), "theme");
        File.WriteAllText(Path.Combine(folder, "secret.txt"), "not a file of the console");
        return folder;
    }
}
