namespace FollowUp.Application;

/// <summary>A field of a partial update: absent, or given, be it as null.</summary>
/// <typeparam name="T">What the field holds.</typeparam>
/// <param name="IsGiven">Whether the client sent the field.</param>
/// <param name="Value">What it sent.</param>
public readonly record struct Optional<T>(bool IsGiven, T? Value)
{
    /// <summary>The field was sent.</summary>
    /// <param name="value">With this value.</param>
    public static implicit operator Optional<T>(T? value) => new(true, value);

    /// <summary>The value sent, or what holds without it.</summary>
    /// <param name="present">What holds without it.</param>
    public T? Or(T? present) => IsGiven ? Value : present;
}
