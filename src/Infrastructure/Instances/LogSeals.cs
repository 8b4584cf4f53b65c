using System.Buffers.Binary;
using System.Security.Cryptography;

namespace FollowUp.Infrastructure.Instances;

/// <summary>
/// Creates and verifies the checkpoints of timelines: an HMAC over the number of an instance's events and the hash of the last one. The key is kept
/// outside the database, so a person who can write to the database but does not have the key can neither shorten a timeline nor recompute its hashes
/// without being detected (ADR 69).
/// </summary>
internal sealed class LogSeals(IReadOnlyList<byte[]> keys)
{
    private static readonly byte[] HeadPurpose = Encoding.UTF8.GetBytes("FollowUp timeline 1");
    private static readonly byte[] StartPurpose = Encoding.UTF8.GetBytes("FollowUp first use 1");

    /// <summary>No key: timelines get no checkpoints.</summary>
    public static LogSeals Off { get; } = new([]);

    /// <summary>Whether there is a key. The first one creates checkpoints; the others are earlier ones, which are still accepted.</summary>
    public bool IsOn => keys.Count > 0;

    /// <summary>The checkpoint of a new instance; null without a key.</summary>
    public byte[]? First(Instance instance) => IsOn ? Seal(keys[0], instance.Id, instance.EventCount, instance.EventHash) : null;

    /// <summary>
    /// The checkpoint of an instance that got more events. It continues only a valid checkpoint: a timeline that was altered before this change must
    /// not become valid by it.
    /// </summary>
    /// <param name="instance">The instance with its new events and its present checkpoint.</param>
    public byte[]? Next(Instance instance, int countBefore, byte[] hashBefore) =>
        !IsOn || instance.EventCount == countBefore ? instance.EventSeal
        : countBefore == 0 || IsValid(instance.EventSeal, instance.Id, countBefore, hashBefore) ? First(instance)
        : instance.EventSeal;

    /// <summary>Whether a checkpoint matches the end of a timeline.</summary>
    public bool IsValid(byte[]? seal, InstanceId instance, int count, byte[] hash) =>
        seal is not null && keys.Any(key => CryptographicOperations.FixedTimeEquals(seal, Seal(key, instance, count, hash)));

    /// <summary>The authentication code of the time at which a key was first used.</summary>
    public byte[] SealStart(DateTimeOffset since) => SealStart(keys[0], since);

    /// <summary>Whether that code is valid.</summary>
    public bool IsStart(byte[] seal, DateTimeOffset since) =>
        keys.Any(key => CryptographicOperations.FixedTimeEquals(seal, SealStart(key, since)));

    private static byte[] Seal(byte[] key, InstanceId instance, int count, byte[] hash)
    {
        Span<byte> data = stackalloc byte[HeadPurpose.Length + 16 + 4 + SHA256.HashSizeInBytes];
        HeadPurpose.CopyTo(data);
        var rest = data[HeadPurpose.Length..];
        instance.Value.TryWriteBytes(rest, bigEndian: true, out _);
        BinaryPrimitives.WriteInt32BigEndian(rest[16..], count);
        hash.AsSpan(0, SHA256.HashSizeInBytes).CopyTo(rest[20..]);
        return HMACSHA256.HashData(key, data);
    }

    private static byte[] SealStart(byte[] key, DateTimeOffset since)
    {
        Span<byte> data = stackalloc byte[StartPurpose.Length + 8];
        StartPurpose.CopyTo(data);
        BinaryPrimitives.WriteInt64BigEndian(data[StartPurpose.Length..], since.ToUnixTimeMilliseconds());
        return HMACSHA256.HashData(key, data);
    }
}
