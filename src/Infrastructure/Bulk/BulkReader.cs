using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using FollowUp.Application.Instances;

namespace FollowUp.Infrastructure.Bulk;

/// <summary>Reads bulk bodies; a row that cannot be read does not affect the next ones, and a limit ends the reading with a row that names it.</summary>
internal sealed class BulkReader : IBulkReader
{
    public bool CanRead(string charset) => BulkEncoding.Find(charset) is not null;

    public async IAsyncEnumerable<BulkRow> Read(
        Stream body,
        BulkFormat format,
        BulkReading reading,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var pipe = PipeReader.Create(body, new StreamPipeReaderOptions(bufferSize: 64 * 1024, leaveOpen: true));
        await using var rows = Rows(pipe, format, reading, cancellationToken).GetAsyncEnumerator(cancellationToken);
        var last = 0;
        while (true)
        {
            BulkRow row;
            BulkLimitException? limit = null;
            try
            {
                if (!await rows.MoveNextAsync())
                {
                    break;
                }

                row = rows.Current;
                last = row.Line;
            }
            catch (BulkLimitException exceeded)
            {
                limit = exceeded;
                row = new BulkRow(last + 1, null, exceeded.Message) { Code = exceeded.Code };
            }

            yield return row;
            if (limit is not null)
            {
                break;
            }
        }

        await pipe.CompleteAsync();
    }

    private static async IAsyncEnumerable<BulkRow> Rows(
        PipeReader pipe,
        BulkFormat format,
        BulkReading reading,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var (utf8, wrong) = await BulkEncoding.Open(pipe, reading.Charset, cancellationToken);
        if (utf8 is null)
        {
            yield return new BulkRow(1, null, wrong) { IsFatal = true };
            yield break;
        }

        await using (utf8)
        {
            var rows = format == BulkFormat.Csv ? CsvRows.Read(utf8, reading, cancellationToken) : NdjsonRows.Read(utf8, cancellationToken);
            await foreach (var row in rows)
            {
                yield return row;
            }
        }
    }
}
