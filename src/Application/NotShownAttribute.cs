namespace FollowUp.Application;

/// <summary>The member is not part of the client's JSON, but is kept with a stored response.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class NotShownAttribute : Attribute;
