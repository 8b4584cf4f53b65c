namespace FollowUp.Application;

/// <summary>The type's JSON omits members without a value, so that a client can send back what it has read.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class OmitNullsAttribute : Attribute;
