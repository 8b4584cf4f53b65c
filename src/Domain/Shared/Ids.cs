using System.Buffers.Binary;
using System.Security.Cryptography;

namespace FollowUp.Domain.Shared;

/// <summary>
/// Ids that grow with time: UUIDs of version 7 (RFC 9562, section 5.7), as <see cref="Guid.CreateVersion7(DateTimeOffset)"/> makes them. That one
/// asks the operating system for each id's random bits; here they are drawn for many ids at once, since a step takes four of them.
/// </summary>
public static class Ids
{
    private const int RandomBytes = 10;

    [ThreadStatic]
    private static byte[]? _drawn;

    [ThreadStatic]
    private static int _used;

    /// <summary>Makes an id.</summary>
    /// <param name="now">The instant that it begins with, to the millisecond; from 1970 on.</param>
    /// <returns>The id.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The instant lies before 1970.</exception>
    public static Guid New(DateTimeOffset now)
    {
        var millis = now.ToUnixTimeMilliseconds();
        ArgumentOutOfRangeException.ThrowIfNegative(millis, nameof(now));
        Span<byte> id = stackalloc byte[16];
        BinaryPrimitives.WriteInt64BigEndian(id, millis << 16);
        Draw().CopyTo(id[6..]);
        id[6] = (byte)((id[6] & 0x0F) | 0x70);
        id[8] = (byte)((id[8] & 0x3F) | 0x80);
        return new Guid(id, bigEndian: true);
    }

    /// <summary>Random bytes that are given out once.</summary>
    private static ReadOnlySpan<byte> Draw()
    {
        if (_drawn is null || _used == _drawn.Length)
        {
            _drawn ??= new byte[RandomBytes * 100];
            RandomNumberGenerator.Fill(_drawn);
            _used = 0;
        }

        _used += RandomBytes;
        return _drawn.AsSpan(_used - RandomBytes, RandomBytes);
    }
}
