namespace FollowUp.Application.Messaging;

/// <summary>
/// Streams whose first row is read at once: a query that answers with one can still fail as a query does, by a timeout for example, and a response is
/// begun only when its first row is there.
/// </summary>
internal static class StartedStream
{
    /// <summary>Reads the first row, and gives the whole stream, which can be read once.</summary>
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
