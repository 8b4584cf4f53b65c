namespace FollowUp.Application.Bulk;

/// <summary>The charsets of bulk bodies.</summary>
public static class BulkCharset
{
    /// <summary>As in browsers (WHATWG): windows-1252 for iso-8859-1, of which it is a superset.</summary>
    private static readonly Encoding Western = CodePagesEncodingProvider.Instance.GetEncoding(1252)!;

    /// <summary>The encoding with the given charset name; null when it is not supported.</summary>
    public static Encoding? Find(string charset) =>
        charset.Trim('"').ToLowerInvariant() switch
        {
            "utf-8" or "utf8" or "us-ascii" => Encoding.UTF8,
            "utf-16" or "utf-16le" => Encoding.Unicode,
            "utf-16be" => Encoding.BigEndianUnicode,
            "windows-1252" or "cp1252" or "iso-8859-1" or "latin1" => Western,
            _ => null,
        };
}
