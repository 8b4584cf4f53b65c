using System.Runtime.CompilerServices;
using FollowUp.Application.Instances;

namespace FollowUp.Infrastructure.Bulk;

/// <summary>Rows of a CSV with a header (RFC 4180), each under the number of its first line. Blank lines are passed over.</summary>
internal static class CsvRows
{
    public static async IAsyncEnumerable<BulkRow> Read(Stream body, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var csv = new CsvReader(BodyLines.Read(body, cancellationToken));
        var (header, wrong) =
            !await csv.Read() ? (null, "The body is empty.")
            : csv.Wrong is null ? CsvHeader.Read(csv.Fields)
            : (null, csv.Wrong);
        if (header is null)
        {
            yield return new BulkRow(1, null, wrong);
            yield break;
        }

        while (await csv.Read())
        {
            yield return csv.Wrong is null ? header.Row(csv.Line, csv.Fields) : new BulkRow(csv.Line, null, csv.Wrong);
        }
    }
}
