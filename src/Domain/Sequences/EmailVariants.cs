using System.Buffers.Binary;
using System.Collections;
using System.Security.Cryptography;

namespace FollowUp.Domain.Sequences;

/// <summary>The alternative texts of an EMAIL. Compared by value, like steps.</summary>
public sealed class EmailVariants(IReadOnlyList<EmailVariant> variants) : IReadOnlyList<EmailVariant>, IEquatable<EmailVariants>
{
    /// <summary>The maximum number of variants of a step.</summary>
    public const int Most = 10;

    /// <summary>The maximum length of a name, in characters.</summary>
    public const int LongestName = 50;

    /// <summary>The maximum weight.</summary>
    public const decimal GreatestWeight = 1_000_000;

    /// <summary>No variants: the step has only its own text.</summary>
    public static EmailVariants None { get; } = new([]);

    /// <inheritdoc/>
    public int Count => variants.Count;

    /// <inheritdoc/>
    public EmailVariant this[int index] => variants[index];

    /// <summary>
    /// Chooses by weight. The choice depends only on the two ids, so that a retry, a preview and a later read get the same text. Ids
    /// created one after the other are similar, so they are hashed to spread the choices evenly.
    /// </summary>
    /// <returns>The variant; null when there are none.</returns>
    public EmailVariant? Choose(Guid instance, string step)
    {
        if (variants.Count == 0)
        {
            return null;
        }

        var hash = SHA256.HashData([.. instance.ToByteArray(bigEndian: true), .. Encoding.UTF8.GetBytes(step)]);
        // 53 bits are the precision of a weight.
        var point = (BinaryPrimitives.ReadUInt64BigEndian(hash) >> 11) / (decimal)(1UL << 53) * variants.Sum(variant => variant.Weight);
        foreach (var variant in variants)
        {
            point -= variant.Weight;
            if (point < 0)
            {
                return variant;
            }
        }

        return variants[^1];
    }

    /// <summary>The variant with the largest weight, the first of several; null when there are none.</summary>
    public EmailVariant? Likeliest => variants.MaxBy(variant => variant.Weight);

    /// <summary>The variant with the given name, or null.</summary>
    public EmailVariant? Named(string name) => variants.FirstOrDefault(variant => variant.Name == name);

    /// <inheritdoc/>
    public bool Equals(EmailVariants? other) => other is not null && variants.SequenceEqual(other);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as EmailVariants);

    /// <inheritdoc/>
    public override int GetHashCode() => variants.Aggregate(0, HashCode.Combine);

    /// <inheritdoc/>
    public IEnumerator<EmailVariant> GetEnumerator() => variants.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
