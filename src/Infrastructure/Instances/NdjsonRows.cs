using System.Runtime.CompilerServices;
using FollowUp.Application;
using FollowUp.Application.Instances;
using FollowUp.Infrastructure.Bulk;

namespace FollowUp.Infrastructure.Instances;

/// <summary>Rows of NDJSON: each line is the body of the single call. Blank lines are skipped.</summary>
internal static class NdjsonRows
{
    public static async IAsyncEnumerable<BulkRow> Read(Stream body, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var blank = new BlankLines();
        await foreach (var (number, bytes) in BodyLines.Read(body, cancellationToken))
        {
            if (bytes is null)
            {
                yield return new BulkRow(number, null, $"The line is longer than {BodyLines.Longest} bytes.");
            }
            else if (bytes.AsSpan().Trim(" \t"u8).IsEmpty)
            {
                blank.Add();
            }
            else
            {
                yield return Row(number, bytes);
            }
        }
    }

    private static BulkRow Row(int number, byte[] bytes) =>
        ClientJson.Read<EnrolmentInput>(bytes, out var wrong) is { } input
            ? new BulkRow(number, input, null)
            : new BulkRow(number, null, $"{wrong.Field ?? "The line"} {wrong.Rule}.");
}
