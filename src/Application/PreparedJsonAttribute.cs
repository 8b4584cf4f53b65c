namespace FollowUp.Application;

/// <summary>Values of the member may have prepared JSON (<see cref="IPreparedJson"/>), which is written as it is.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class PreparedJsonAttribute : Attribute;
