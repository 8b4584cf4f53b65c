using System.Collections.Frozen;
using System.Security.Cryptography;
using FollowUp.Infrastructure;

namespace FollowUp.Web.WebConsole;

/// <summary>
/// The files of the built console, which are listed once at the start. A request can only name a listed file, so a path cannot leave the folder.
/// </summary>
internal sealed class ConsoleBuild
{
    private const string Document = "index.html";

    /// <summary>Where the document names the sign-in methods; the development server of the console has another value there.</summary>
    private const string MethodsBegin = "<meta name=\"followup\" content=\"";

    private static readonly FrozenDictionary<string, string> Types = new Dictionary<string, string>
    {
        [".js"] = "text/javascript; charset=utf-8",
        [".css"] = "text/css; charset=utf-8",
        [".svg"] = "image/svg+xml",
        [".woff2"] = "font/woff2",
    }.ToFrozenDictionary();

    private ConsoleBuild(byte[] page, IEnumerable<ConsoleFile> files)
    {
        Page = page;
        PageTag = $"\"{Convert.ToHexStringLower(SHA256.HashData(page))[..16]}\"";
        Files = files.ToFrozenDictionary(file => file.Path);
    }

    /// <summary>The document that every page answers with.</summary>
    public byte[] Page { get; }

    public string PageTag { get; }

    /// <summary>The files by their path in the URL.</summary>
    public FrozenDictionary<string, ConsoleFile> Files { get; }

    /// <summary>Lists the build in <c>Console:Folder</c>, by default the folder <c>console</c> beside the program; null when there is none.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="methods">How users can sign in, which the sign-in page must know without a session.</param>
    public static ConsoleBuild? Read(IConfiguration settings, IEnumerable<string> methods)
    {
        var named = settings["Console:Folder"];
        var folder = Path.GetFullPath(string.IsNullOrWhiteSpace(named) ? "console" : named, AppContext.BaseDirectory);
        var document = Path.Combine(folder, Document);
        if (!File.Exists(document))
        {
            return string.IsNullOrWhiteSpace(named)
                ? null
                : throw new SettingException($"Console:Folder is {named}, but there is no {Document} in it.");
        }

        var files = Directory
            .EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Where(file => Types.ContainsKey(Path.GetExtension(file)))
            .Select(file => ConsoleFile.Of(folder, file, Types[Path.GetExtension(file)]));
        return new ConsoleBuild(WithMethods(File.ReadAllText(document), methods), files);
    }

    private static byte[] WithMethods(string document, IEnumerable<string> methods)
    {
        var start = document.IndexOf(MethodsBegin, StringComparison.Ordinal) + MethodsBegin.Length;
        var end = document.IndexOf('"', start);
        return Encoding.UTF8.GetBytes($"{document[..start]}{string.Join(' ', methods)}{document[end..]}");
    }
}
