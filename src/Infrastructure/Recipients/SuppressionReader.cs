using System.Runtime.CompilerServices;

namespace FollowUp.Infrastructure.Recipients;

/// <summary>Reads lists of addresses, within the same limits as lists of recipients.</summary>
internal sealed class SuppressionReader : ISuppressionReader
{
    public IAsyncEnumerable<BulkRow<SuppressionInput>> Read(
        Stream body,
        BulkFormat format,
        string? charset,
        CancellationToken cancellationToken
    ) =>
        BulkRows.Read(
            body,
            charset,
            utf8 => format == BulkFormat.Csv ? Csv(utf8, cancellationToken) : NdjsonRows.Read<SuppressionInput>(utf8, cancellationToken),
            cancellationToken
        );

    private static async IAsyncEnumerable<BulkRow<SuppressionInput>> Csv(
        Stream body,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        await using var csv = new CsvReader(BodyLines.Read(body, cancellationToken));
        var isThere = await csv.ReadHeader();
        var header = isThere && csv.Wrong is null ? new SuppressionHeader(csv.Fields) : null;
        if (header?.Wrong is not null || header is null)
        {
            var wrong = isThere ? csv.Wrong ?? header?.Wrong : "The body is empty.";
            yield return new BulkRow<SuppressionInput>(isThere ? csv.Line : 1, null, wrong) { IsFatal = true };
            yield break;
        }

        while (await csv.Read())
        {
            if (csv.Wrong is null && csv.Fields.All(string.IsNullOrWhiteSpace))
            {
                csv.PassOver();
                continue;
            }

            yield return csv.Wrong is null
                ? new BulkRow<SuppressionInput>(csv.Line, header.Read(csv.Fields), null)
                : new BulkRow<SuppressionInput>(csv.Line, null, csv.Wrong);
        }
    }
}
