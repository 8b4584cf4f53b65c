namespace FollowUp.Application.Instances;

/// <summary>The codes of problems of an enrolment.</summary>
public static class EnrolmentWarningCodes
{
    /// <summary>A variable without a default has no value.</summary>
    public const string MissingVariable = "missingVariable";

    /// <summary>A step cannot be rendered.</summary>
    public const string CannotRender = "cannotRender";

    /// <summary>A condition reads a text such as "no", which counts as true.</summary>
    public const string TextAsCondition = "textAsCondition";

    /// <summary>The telephone number is invalid, but no step needs it.</summary>
    public const string PhoneIgnored = "phoneIgnored";
}
