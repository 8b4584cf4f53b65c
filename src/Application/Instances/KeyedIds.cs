using System.Buffers.Binary;
using System.Security.Cryptography;

namespace FollowUp.Application.Instances;

/// <summary>
/// The ids of the instances that a bulk call with an idempotency key creates: UUIDv7 with the time at which the key was first used, and a
/// hash instead of random bits. The same call creates the same ids again.
/// </summary>
/// <param name="begun">When the key was first used, and whether that was by an earlier call.</param>
internal sealed class KeyedIds(OwnerId owner, SequenceId sequence, string key, (DateTimeOffset At, bool IsRepeated) begun)
{
    private readonly byte[] _secret = SHA256.HashData([
        .. owner.Value.ToByteArray(),
        .. sequence.Value.ToByteArray(),
        .. Encoding.UTF8.GetBytes(key),
    ]);

    /// <summary>Whether an earlier call with the key may have stored rows.</summary>
    public bool IsRepeated => begun.IsRepeated;

    public InstanceId For(EmailAddress address)
    {
        Span<byte> id = stackalloc byte[16];
        HMACSHA256.HashData(_secret, Encoding.UTF8.GetBytes(address.Key)).AsSpan(0, 16).CopyTo(id);
        // RFC 9562, section 5.7: 48 bits of milliseconds, then the version, and later the variant.
        Span<byte> instant = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(instant, begun.At.ToUnixTimeMilliseconds());
        instant[2..].CopyTo(id);
        id[6] = (byte)((id[6] & 0x0F) | 0x70);
        id[8] = (byte)((id[8] & 0x3F) | 0x80);
        return new InstanceId(new Guid(id, bigEndian: true));
    }
}
