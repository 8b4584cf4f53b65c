namespace FollowUp.Infrastructure.Templates;

/// <summary>The URLs that links and images of a mail may have.</summary>
internal static partial class MailAddresses
{
    public static bool IsLink(string address) => Scheme(address) is null or "https" or "http" or "mailto" or "tel" or "sms" or "cid";

    // Whether an image may have this URL: https, a part of the mail, a data URL with a raster image, or plain http, which mail programs load through
    // a proxy or not at all. A scheme-relative URL is rejected, because it takes its scheme from the mail program's own page.
    public static bool IsImage(string address) =>
        Scheme(address) switch
        {
            "https" or "http" or "cid" => true,
            "data" => IsRasterImage(Plain(address)),
            null => Plain(address) is not ['/' or '\\', '/' or '\\', ..],
            _ => false,
        };

    public static bool IsPlainHttp(string address) => Scheme(address) == "http";

    public static bool IsImageSet(string candidates) =>
        candidates
            .Split([' ', '\t', '\n', '\r', '\f', ','], StringSplitOptions.RemoveEmptyEntries)
            .All(part => Descriptor().IsMatch(part) || (IsImage(part) && Scheme(part) != "data"));

    /// <summary>Whether a URL contains an image in a format that cannot contain a script or other URLs.</summary>
    public static bool IsRasterImage(string address) => Raster().IsMatch(address);

    /// <summary>The scheme in lower case; null when there is none; empty when it is invalid.</summary>
    private static string? Scheme(string address)
    {
        var plain = Plain(address);
        var end = plain.AsSpan().IndexOfAny(":/?#");
        if (end < 0 || plain[end] != ':')
        {
            return null;
        }

        var scheme = plain[..end].ToLowerInvariant();
        return scheme.All(c => char.IsAsciiLetterOrDigit(c) || c is '+' or '-' or '.') ? scheme : "";
    }

    /// <summary>A URL as browsers read it: without leading white space and control characters, and without line breaks.</summary>
    public static string Plain(string address) => Ignored().Replace(address, "");

    [GeneratedRegex(@"^[\x00-\x20]+|[\t\n\r]", RegexOptions.CultureInvariant)]
    private static partial Regex Ignored();

    [GeneratedRegex(@"^\d+(\.\d+)?[wxh]$", RegexOptions.CultureInvariant)]
    private static partial Regex Descriptor();

    [GeneratedRegex(
        "^data:image/(png|gif|jpe?g|webp);base64,[a-z0-9+/=%\\s]*$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking
    )]
    private static partial Regex Raster();
}
