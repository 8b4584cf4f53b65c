using System.Buffers;

namespace FollowUp.Application;

/// <summary>Estimates the size of a text in a response, including escapes.</summary>
internal static class JsonSize
{
    private static readonly SearchValues<char> Escaped = SearchValues.Create([
        .. Enumerable.Range(0, 32).Select(c => (char)c),
        '"',
        '\\',
        '\u007f',
    ]);

    /// <summary>The size of a text as a JSON string without quotes, in bytes. Every escape counts as six bytes.</summary>
    public static long Of(string? text)
    {
        if (text is null)
        {
            return 0;
        }

        long bytes = Encoding.UTF8.GetByteCount(text);
        for (var rest = text.AsSpan(); rest.IndexOfAny(Escaped) is >= 0 and var at; rest = rest[(at + 1)..])
        {
            bytes += rest[at] is '"' or '\\' or '\n' or '\r' or '\t' ? 1 : 5;
        }

        return bytes;
    }
}
