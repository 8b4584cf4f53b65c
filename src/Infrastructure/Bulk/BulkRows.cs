using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace FollowUp.Infrastructure.Bulk;

/// <summary>The encoding and the limits of a bulk body: reading ends with a row that names the limit; the rows before it stay valid.</summary>
internal static class BulkRows
{
    private const int BufferBytes = 64 * 1024;

    public static async IAsyncEnumerable<BulkRow<T>> Read<T>(
        Stream body,
        string? charset,
        Func<Stream, IAsyncEnumerable<BulkRow<T>>> rowsOf,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
        where T : class
    {
        var pipe = PipeReader.Create(body, new StreamPipeReaderOptions(bufferSize: BufferBytes, leaveOpen: true));
        await using var rows = Decoded(pipe, charset, rowsOf, cancellationToken).GetAsyncEnumerator(cancellationToken);
        var last = 0;
        var isWithinLimits = true;
        while (isWithinLimits)
        {
            BulkRow<T> row;
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
                isWithinLimits = false;
                row = new(last + 1, null, exceeded.Message) { Code = exceeded.Code };
            }

            yield return row;
        }

        await pipe.CompleteAsync();
    }

    private static async IAsyncEnumerable<BulkRow<T>> Decoded<T>(
        PipeReader pipe,
        string? charset,
        Func<Stream, IAsyncEnumerable<BulkRow<T>>> rowsOf,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
        where T : class
    {
        var (utf8, wrong) = await BulkEncoding.Open(pipe, charset, cancellationToken);
        if (utf8 is null)
        {
            yield return new(1, null, wrong) { IsFatal = true };
            yield break;
        }

        await using (utf8)
        {
            await foreach (var row in rowsOf(utf8).WithCancellation(cancellationToken))
            {
                yield return row;
            }
        }
    }
}
