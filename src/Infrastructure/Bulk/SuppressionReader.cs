using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Text.Json;
using FollowUp.Application;
using FollowUp.Application.Instances;
using FollowUp.Application.Suppressions;

namespace FollowUp.Infrastructure.Bulk;

/// <summary>Reads lists of addresses, within the same limits as lists of recipients.</summary>
internal sealed class SuppressionReader : ISuppressionReader
{
    public async IAsyncEnumerable<SuppressionRow> Read(
        Stream body,
        BulkFormat format,
        string? charset,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var pipe = PipeReader.Create(body, new StreamPipeReaderOptions(bufferSize: 64 * 1024, leaveOpen: true));
        await using var rows = Rows(pipe, format, charset, cancellationToken).GetAsyncEnumerator(cancellationToken);
        SuppressionRow? row;
        var last = 0;
        do
        {
            try
            {
                row = await rows.MoveNextAsync() ? rows.Current : null;
                last = row?.Line ?? last;
            }
            catch (BulkLimitException exceeded)
            {
                row = new SuppressionRow(last + 1, null, exceeded.Message) { Code = exceeded.Code };
            }

            if (row is not null)
            {
                yield return row;
            }
        } while (row is { Code: "malformed" });

        await pipe.CompleteAsync();
    }

    private static async IAsyncEnumerable<SuppressionRow> Rows(
        PipeReader pipe,
        BulkFormat format,
        string? charset,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var (utf8, wrong) = await BulkEncoding.Open(pipe, charset, cancellationToken);
        if (utf8 is null)
        {
            yield return new SuppressionRow(1, null, wrong) { IsFatal = true };
            yield break;
        }

        await using (utf8)
        {
            var rows = format == BulkFormat.Csv ? Csv(utf8, cancellationToken) : Ndjson(utf8, cancellationToken);
            await foreach (var row in rows)
            {
                yield return row;
            }
        }
    }

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

    private static SuppressionRow Row(int number, byte[] bytes)
    {
        try
        {
            return JsonSerializer.Deserialize<SuppressionInput>(bytes, ClientJson.Options) is { } input
                ? new SuppressionRow(number, input, null)
                : new SuppressionRow(number, null, "The line must be an object.");
        }
        catch (JsonException failure)
        {
            var (field, rule) = ClientJson.Explain(failure);
            return new SuppressionRow(number, null, $"{field ?? "The line"} {rule}.");
        }
    }
}
