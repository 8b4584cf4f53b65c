using System.Security.Cryptography;

namespace FollowUp.Web.WebConsole;

/// <summary>A file of the built console, with its compressed copies, which the build wrote beside it.</summary>
internal sealed record ConsoleFile(string Path, string Source, string Type, bool HasBrotli, bool HasGzip)
{
    /// <summary>The build puts a hash of the content into the names of the files in this folder; they never change.</summary>
    private const string Hashed = "assets/";

    public bool IsHashed => Path.StartsWith(Hashed, StringComparison.Ordinal);

    /// <summary>The entity tag of a file that keeps its name when its content changes.</summary>
    public string? Tag { get; private init; }

    public static ConsoleFile Of(string folder, string source, string type)
    {
        var path = System.IO.Path.GetRelativePath(folder, source).Replace('\\', '/');
        var file = new ConsoleFile(path, source, type, File.Exists($"{source}.br"), File.Exists($"{source}.gz"));
        return file.IsHashed ? file : file with { Tag = Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(source)))[..16] };
    }

    /// <summary>The best encoding that the client accepts and the file to send for it.</summary>
    public (string? Encoding, string Source) For(string acceptEncoding) =>
        HasBrotli && Accepts(acceptEncoding, "br") ? ("br", $"{Source}.br")
        : HasGzip && Accepts(acceptEncoding, "gzip") ? ("gzip", $"{Source}.gz")
        : (null, Source);

    /// <summary>Browsers list encodings without weights. A weight of zero, which refuses one, counts as not listed.</summary>
    private static bool Accepts(string acceptEncoding, string encoding) =>
        acceptEncoding
            .Split(',', StringSplitOptions.TrimEntries)
            .Any(one =>
                one == encoding
                || (one.StartsWith($"{encoding};", StringComparison.Ordinal) && !one.EndsWith("q=0", StringComparison.Ordinal))
            );
}
