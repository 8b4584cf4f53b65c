namespace FollowUp.Application;

/// <summary>A field of a partial update: absent, or given, possibly as null.</summary>
/// <param name="IsGiven">Whether the client sent the field.</param>
public readonly record struct Optional<T>(bool IsGiven, T? Value)
{
    /// <summary>A given field.</summary>
    public static implicit operator Optional<T>(T? value) => new(true, value);

    /// <summary>The given value, or the current one.</summary>
    public T? Or(T? present) => IsGiven ? Value : present;
}
