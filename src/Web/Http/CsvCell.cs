namespace FollowUp.Web.Http;

/// <summary>Formats a cell of CSV (RFC 4180).</summary>
internal static class CsvCell
{
    /// <summary>
    /// Prefixes a cell that a spreadsheet would read as a formula with an apostrophe (OWASP, CSV injection). No column contains a signed number,
    /// so no number is changed.
    /// </summary>
    public static string Of(string text)
    {
        var safe = FormulaCell.Write(text);
        return safe.AsSpan().IndexOfAny("\",\r\n") < 0 ? safe : $"\"{safe.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }
}
