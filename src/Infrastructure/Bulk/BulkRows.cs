using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using FollowUp.Application.Bulk;

namespace FollowUp.Infrastructure.Bulk;

/// <summary>The encoding and the limits of a bulk body: reading ends with a row that names the limit; the rows before it stay valid.</summary>
internal abstract class BulkRows<T>
    where T : class
{
    private const int BufferBytes = 64 * 1024;

    public async IAsyncEnumerable<T> Read(Stream body, string? charset, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var pipe = PipeReader.Create(body, new StreamPipeReaderOptions(bufferSize: BufferBytes, leaveOpen: true));
        await using var rows = Decoded(pipe, charset, cancellationToken).GetAsyncEnumerator(cancellationToken);
        var last = 0;
        var isWithinLimits = true;
        while (isWithinLimits)
        {
            T row;
            try
            {
                if (!await rows.MoveNextAsync())
                {
                    break;
                }

                row = rows.Current;
                last = LineOf(row);
            }
            catch (BulkLimitException exceeded)
            {
                isWithinLimits = false;
                row = Limit(last + 1, exceeded);
            }

            yield return row;
        }

        await pipe.CompleteAsync();
    }

    protected abstract IAsyncEnumerable<T> Rows(Stream utf8, CancellationToken cancellationToken);

    protected abstract int LineOf(T row);

    /// <summary>The row that says why the body cannot be read.</summary>
    protected abstract T Fatal(int line, string? wrong);

    /// <summary>The row that says which limit ended the reading.</summary>
    protected abstract T Limit(int line, BulkLimitException exceeded);

    private async IAsyncEnumerable<T> Decoded(
        PipeReader pipe,
        string? charset,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var (utf8, wrong) = await BulkEncoding.Open(pipe, charset, cancellationToken);
        if (utf8 is null)
        {
            yield return Fatal(1, wrong);
            yield break;
        }

        await using (utf8)
        {
            await foreach (var row in Rows(utf8, cancellationToken))
            {
                yield return row;
            }
        }
    }
}
