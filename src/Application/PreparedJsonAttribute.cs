namespace FollowUp.Application;

/// <summary>Values of the member may have their JSON already (<see cref="IPreparedJson"/>), which is then written as it is.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class PreparedJsonAttribute : Attribute;
