using System.Runtime.CompilerServices;
using FollowUp.Application;
using FollowUp.Application.Bulk;
using FollowUp.Application.Recipients;
using FollowUp.Infrastructure.Bulk;

namespace FollowUp.Infrastructure.Recipients;

/// <summary>Reads lists of addresses, within the same limits as lists of recipients.</summary>
internal sealed class SuppressionReader : ISuppressionReader
{
    public IAsyncEnumerable<SuppressionRow> Read(Stream body, BulkFormat format, string? charset, CancellationToken cancellationToken) =>
        new Addresses(format).Read(body, charset, cancellationToken);

    private static async IAsyncEnumerable<SuppressionRow> Csv(Stream body, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var csv = new CsvReader(BodyLines.Read(body, cancellationToken));
        var isThere = await csv.ReadHeader();
        var header = isThere && csv.Wrong is null ? new SuppressionHeader(csv.Fields) : null;
        if (header?.Wrong is not null || header is null)
        {
            var wrong = isThere ? csv.Wrong ?? header?.Wrong : "The body is empty.";
            yield return new SuppressionRow(isThere ? csv.Line : 1, null, wrong) { IsFatal = true };
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
                ? new SuppressionRow(csv.Line, header.Read(csv.Fields), null)
                : new SuppressionRow(csv.Line, null, csv.Wrong);
        }
    }

    private static async IAsyncEnumerable<SuppressionRow> Ndjson(Stream body, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var blank = new BlankLines();
        await foreach (var (number, bytes) in BodyLines.Read(body, cancellationToken))
        {
            if (bytes is null)
            {
                yield return new SuppressionRow(number, null, $"The line is longer than {BodyLines.Longest} bytes.");
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

    private static SuppressionRow Row(int number, byte[] bytes) =>
        ClientJson.Read<SuppressionInput>(bytes, out var wrong) is { } input
            ? new SuppressionRow(number, input, null)
            : new SuppressionRow(number, null, $"{wrong.Field ?? "The line"} {wrong.Rule}.");

    private sealed class Addresses(BulkFormat format) : BulkRows<SuppressionRow>
    {
        protected override IAsyncEnumerable<SuppressionRow> Rows(Stream utf8, CancellationToken cancellationToken) =>
            format == BulkFormat.Csv ? Csv(utf8, cancellationToken) : Ndjson(utf8, cancellationToken);

        protected override int LineOf(SuppressionRow row) => row.Line;

        protected override SuppressionRow Fatal(int line, string? wrong) => new(line, null, wrong) { IsFatal = true };

        protected override SuppressionRow Limit(int line, BulkLimitException exceeded) =>
            new(line, null, exceeded.Message) { Code = exceeded.Code };
    }
}
