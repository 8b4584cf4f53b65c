using System.Buffers;
using System.IO.Pipelines;

namespace FollowUp.Infrastructure.Bulk;

/// <summary>
/// Converts a body to UTF-8. Its encoding is that of its byte order mark, otherwise of the request's charset, otherwise UTF-8. UTF-16 without a byte
/// order mark and workbooks are rejected with a specific error, because an error for each of their rows would explain nothing.
/// </summary>
internal static class BulkEncoding
{
    private const int LookedAt = 4;

    /// <summary>Inspects the start of a body without consuming it. Returns the body in UTF-8, or the reason why it cannot be read.</summary>
    public static async ValueTask<(Stream? Utf8, string? Wrong)> Open(PipeReader pipe, string? charset, CancellationToken cancellationToken)
    {
        var read = await pipe.ReadAtLeastAsync(LookedAt, cancellationToken);
        var start = read.Buffer.Slice(0, Math.Min(read.Buffer.Length, LookedAt)).ToArray();
        pipe.AdvanceTo(read.Buffer.Start);
        var encoding = OfMark(start) ?? (charset is null ? Encoding.UTF8 : BulkCharset.Find(charset)!);
        return start is [(byte)'P', (byte)'K', 3, 4]
                ? (null, "The body is an Excel workbook (.xlsx) or another archive: save the sheet as \"CSV UTF-8\" and send that.")
            : encoding == Encoding.UTF8 && IsUtf16(start)
                ? (
                    null,
                    "The body is UTF-16 without a byte order mark: save it as UTF-8, or send Content-Type: text/csv; charset=utf-16le."
                )
            : encoding == Encoding.UTF8 ? (pipe.AsStream(leaveOpen: true), null)
            : (Encoding.CreateTranscodingStream(pipe.AsStream(leaveOpen: true), encoding, Encoding.UTF8), null);
    }

    private static Encoding? OfMark(byte[] start) =>
        start switch
        {
            [0xEF, 0xBB, 0xBF, ..] => Encoding.UTF8,
            [0xFF, 0xFE, ..] => Encoding.Unicode,
            [0xFE, 0xFF, ..] => Encoding.BigEndianUnicode,
            _ => null,
        };

    /// <summary>ASCII in UTF-16 has a zero in every other byte.</summary>
    private static bool IsUtf16(byte[] start) => start is [not 0, 0, not 0, 0] or [0, not 0, 0, not 0];
}
