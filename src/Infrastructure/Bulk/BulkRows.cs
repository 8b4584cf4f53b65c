using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using FollowUp.Application.Bulk;

namespace FollowUp.Infrastructure.Bulk;

/// <summary>
/// Common to all bulk bodies: the encoding, and that reading ends at a limit with a row that names the limit, while the rows before it stay valid.
/// </summary>
/// <typeparam name="T">The type of a row.</typeparam>
internal abstract class BulkRows<T>
    where T : class
{
    private const int BufferBytes = 64 * 1024;

    /// <summary>Reads the rows of a body.</summary>
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

    /// <summary>The rows of a body in UTF-8.</summary>
    protected abstract IAsyncEnumerable<T> Rows(Stream utf8, CancellationToken cancellationToken);

    /// <summary>The number of a row's first line.</summary>
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
