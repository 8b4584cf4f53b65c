namespace FollowUp.Web.Platform;

/// <summary>A write-only stream with a size limit.</summary>
/// <param name="inner">The stream that is written to.</param>
/// <param name="most">The limit in bytes.</param>
/// <param name="tooLarge">Creates the exception for a write that would exceed the limit.</param>
internal sealed class BoundedStream(Stream inner, long most, Func<Exception> tooLarge) : WriteOnlyStream
{
    private long _written;

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Count(buffer.Length);
        return inner.WriteAsync(buffer, cancellationToken);
    }

    public override void Write(byte[] buffer, int offset, int count)
    {
        Count(count);
        inner.Write(buffer, offset, count);
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

    public override void Flush() => inner.Flush();

    private void Count(int bytes)
    {
        _written += bytes;
        if (_written > most)
        {
            throw tooLarge();
        }
    }
}
