using System.Buffers.Binary;
using System.Collections;
using System.Security.Cryptography;
using System.Text;

namespace FollowUp.Domain.Sequences;

/// <summary>The texts among which an EMAIL chooses. Two lists with the same variants are equal, as steps are.</summary>
/// <param name="variants">The variants, in order.</param>
public sealed class EmailVariants(IReadOnlyList<EmailVariant> variants) : IReadOnlyList<EmailVariant>, IEquatable<EmailVariants>
{
    /// <summary>The most variants of a step.</summary>
    public const int Most = 10;

    /// <summary>The longest name, in characters.</summary>
    public const int LongestName = 50;

    /// <summary>The greatest weight.</summary>
    public const decimal GreatestWeight = 1_000_000;

    /// <summary>No variants: the step's own text is the only one.</summary>
    public static EmailVariants None { get; } = new([]);

    /// <inheritdoc/>
    public int Count => variants.Count;

    /// <inheritdoc/>
    public EmailVariant this[int index] => variants[index];

    /// <summary>
    /// Chooses by weight. The choice hangs on the two ids alone, so that a step that is tried again, previewed or looked at later gets the same text;
    /// it is spread evenly by a hash, since ids that are made one after the other are much alike.
    /// </summary>
    /// <param name="instance">The instance's id.</param>
    /// <param name="step">The step's id.</param>
    /// <returns>The variant; null when there are none.</returns>
    public EmailVariant? Choose(Guid instance, string step)
    {
        if (variants.Count == 0)
        {
            return null;
        }

        var hash = SHA256.HashData([.. instance.ToByteArray(bigEndian: true), .. Encoding.UTF8.GetBytes(step)]);
        // 53 bits of it are as fine as a weight can be told apart.
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

    /// <summary>The one with the greatest weight, the first of several; null when there are none.</summary>
    public EmailVariant? Likeliest => variants.MaxBy(variant => variant.Weight);

    /// <summary>The variant of a name.</summary>
    /// <returns>The variant, or null.</returns>
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
