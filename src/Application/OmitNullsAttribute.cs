namespace FollowUp.Application;

/// <summary>The JSON of the type shows only the members that have a value, so that a client can send back what it has read.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class OmitNullsAttribute : Attribute;
