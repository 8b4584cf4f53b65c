using System.Runtime.CompilerServices;

namespace FollowUp.Infrastructure.Instances;

/// <summary>
/// Rows of a CSV file with a header (RFC 4180), each with the number of its first line. Blank lines and rows that consist of separators are skipped.
/// </summary>
internal static class CsvRows
{
    public static async IAsyncEnumerable<BulkRow<EnrolmentInput>> Read(
        Stream body,
        BulkReading reading,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        await using var csv = new CsvReader(BodyLines.Read(body, cancellationToken));
        var isThere = await csv.ReadHeader();
        var (header, wrong) =
            !isThere ? (null, "The body is empty.")
            : csv.Wrong is null ? CsvHeader.Read(csv.Fields, reading.Columns)
            : (null, csv.Wrong);
        if (header is null)
        {
            yield return new BulkRow<EnrolmentInput>(isThere ? csv.Line : 1, null, wrong) { IsFatal = true };
            yield break;
        }

        while (await csv.Read())
        {
            if (csv.Wrong is not null)
            {
                yield return new BulkRow<EnrolmentInput>(csv.Line, null, csv.Wrong) { Columns = header.Columns };
            }
            else if (csv.Fields.All(string.IsNullOrWhiteSpace))
            {
                csv.PassOver();
            }
            else
            {
                yield return header.Row(csv.Line, csv.Fields);
            }
        }
    }
}
