using System.Runtime.CompilerServices;

namespace FollowUp.Infrastructure.Bulk;

/// <summary>Rows of NDJSON: each line is the body of the single call. Blank lines are skipped.</summary>
internal static class NdjsonRows
{
    public static async IAsyncEnumerable<BulkRow<T>> Read<T>(Stream body, [EnumeratorCancellation] CancellationToken cancellationToken)
        where T : class
    {
        var blank = new BlankLines();
        await foreach (var (number, bytes) in BodyLines.Read(body, cancellationToken))
        {
            if (bytes is null)
            {
                yield return new BulkRow<T>(number, null, $"The line is longer than {BodyLines.Longest} bytes.");
            }
            else if (bytes.AsSpan().Trim(" \t"u8).IsEmpty)
            {
                blank.Add();
            }
            else
            {
                yield return Row<T>(number, bytes);
            }
        }
    }

    private static BulkRow<T> Row<T>(int number, byte[] bytes)
        where T : class =>
        ClientJson.Read<T>(bytes, out var wrong) is { } input
            ? new(number, input, null)
            : new(number, null, $"{wrong.Field ?? "The line"} {wrong.Rule}.");
}
