using System.Buffers;
using System.Globalization;

namespace FollowUp.Infrastructure.Delivery;

/// <summary>Text in mail headers: quoted strings (RFC 5322, section 3.2.4) and encoded words (RFC 2047).</summary>
internal static class HeaderText
{
    /// <summary>The longest encoded word (RFC 2047, section 2).</summary>
    private const int LongestWord = 75;

    /// <summary>The maximum line length; the first line also holds the header's name.</summary>
    private const int LongestLine = 76;

    /// <summary>Characters that end or split a name in an address header. A dot does not, in practice (RFC 5322, section 4.1).</summary>
    private static readonly SearchValues<char> Specials = SearchValues.Create("()<>[]:;@\\,\"");

    /// <summary>
    /// A display name for a provider that copies it into the header unchanged: quoted if it contains a special character. SendGrid responds with 202
    /// to an unquoted <c>Berg, Kim</c> and drops the mail (sendgrid-csharp#268).
    /// </summary>
    public static string Name(string name) =>
        name.AsSpan().IndexOfAny(Specials) < 0
            ? name
            : $"\"{name.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";

    /// <summary>
    /// Encodes any text as an ASCII header value, on lines of at most 76 characters. Non-ASCII text becomes encoded words; no character is split
    /// between two of them, so that each can be decoded separately.
    /// </summary>
    /// <param name="text">A single line of text.</param>
    /// <param name="used">The number of characters already used on the first line.</param>
    public static string Encode(string text, int used)
    {
        var base64 = Encoding.UTF8.GetByteCount(text) > 2 * text.Length;
        var (open, close) = (base64 ? "=?utf-8?b?" : "=?utf-8?q?", "?=");
        var lines = new StringBuilder();
        var pending = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            var space = Math.Min(LongestWord, LongestLine - used) - open.Length - close.Length;
            if (Length(pending, rune, base64) > space && pending.Length > 0)
            {
                lines.Append(open).Append(Content(pending, base64)).Append(close).Append("\r\n ");
                pending.Clear();
                used = 1;
            }

            pending.Append(rune.ToString());
        }

        return lines.Append(open).Append(Content(pending, base64)).Append(close).ToString();
    }

    private static int Length(StringBuilder pending, Rune rune, bool base64) =>
        Content(new StringBuilder().Append(pending).Append(rune.ToString()), base64).Length;

    private static string Content(StringBuilder text, bool base64)
    {
        var bytes = Encoding.UTF8.GetBytes(text.ToString());
        if (base64)
        {
            return Convert.ToBase64String(bytes);
        }

        // In a name, only letters, digits and a few other characters may be unencoded (RFC 2047, section 5, rule 3); the same works for a subject.
        var quoted = new StringBuilder(bytes.Length * 2);
        foreach (var value in bytes)
        {
            _ = (char)value switch
            {
                ' ' => quoted.Append('_'),
                var c when char.IsAsciiLetterOrDigit(c) || c is '!' or '*' or '+' or '-' or '/' => quoted.Append(c),
                _ => quoted.Append('=').Append(value.ToString("X2", CultureInfo.InvariantCulture)),
            };
        }

        return quoted.ToString();
    }
}
