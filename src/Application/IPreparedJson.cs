namespace FollowUp.Application;

/// <summary>A value that caches its JSON, because it is written often and never changes.</summary>
internal interface IPreparedJson
{
    /// <summary>The value as JSON in UTF-8.</summary>
    byte[] Json { get; }
}
