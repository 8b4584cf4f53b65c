namespace FollowUp.Application.Bulk;

/// <summary>A bulk body with limits on bytes and time, so that a slow client does not block the capacity of others.</summary>
internal sealed class BulkBody(Stream body, TimeProvider time) : Stream
{
    public static readonly TimeSpan MostTime = TimeSpan.FromHours(1);

    public static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    private readonly long _start = time.GetTimestamp();
    private long _bytes;

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var left = MostTime - time.GetElapsedTime(_start);
        if (left <= TimeSpan.Zero)
        {
            throw TooSlow($"The body took longer than {MostTime.TotalMinutes:0} minutes");
        }

        using var pause = new CancellationTokenSource(left < LongestPause ? left : LongestPause, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(pause.Token, cancellationToken);
        int count;
        try
        {
            count = await body.ReadAsync(buffer, either.Token);
        }
        catch (OperationCanceledException) when (pause.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw TooSlow($"Nothing of the body arrived for {LongestPause.TotalSeconds:0} seconds");
        }

        _bytes += count;
        return _bytes <= BulkLimits.MostBytes
            ? count
            : throw new BulkLimitException(
                BulkCodes.TooLarge,
                $"A bulk call accepts at most {BulkLimits.MostBytes} bytes; the rest was not read. Send it in another call."
            );
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <summary>Does nothing. A CryptoStream that is disposed before the end of the body flushes the stream that it reads from.</summary>
    public override void Flush() { }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private static BulkLimitException TooSlow(string what) =>
        new(BulkCodes.TooSlow, $"{what}; the rest was not read. Send it in another call.");
}
