namespace FollowUp.Application.Messaging;

/// <summary>
/// Streams whose first row is read at once: a streaming query can still fail like any query, for example by a timeout, because its response
/// starts only when the first row is available.
/// </summary>
internal static class StartedStream
{
    /// <summary>Reads the first row and returns the whole stream, which can be read once.</summary>
    public static async Task<IAsyncEnumerable<T>> Begin<T>(this IAsyncEnumerable<T> rows, CancellationToken cancellationToken)
    {
        var reader = rows.GetAsyncEnumerator(cancellationToken);
        try
        {
            return All(reader, await reader.MoveNextAsync());
        }
        catch
        {
            await reader.DisposeAsync();
            throw;
        }
    }

    private static async IAsyncEnumerable<T> All<T>(IAsyncEnumerator<T> reader, bool hasRow)
    {
        await using (reader)
        {
            for (; hasRow; hasRow = await reader.MoveNextAsync())
            {
                yield return reader.Current;
            }
        }
    }
}
