using System.Globalization;

namespace FollowUp.Infrastructure.Bulk;

/// <summary>Counts skipped lines. They are not rows, so the limit on rows does not bound a body of blank lines.</summary>
internal sealed class BlankLines
{
    public const int Most = 1_000_000;

    private int _count;

    public void Add()
    {
        if (++_count > Most)
        {
            throw new BulkLimitException(
                BulkCodes.TooManyBlankLines,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"A bulk body may have at most {Most} blank lines; what came after was not read."
                )
            );
        }
    }
}
