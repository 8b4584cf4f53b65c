namespace FollowUp.Application.Accounts;

internal static class UserErrors
{
    public static Result NotFound => Error.NotFound("There is no such user.");

    public static Result CannotBlockYourself =>
        Error.Conflict("cannotBlockYourself", "An operator cannot block itself, because there might be no other operator to undo it.");
}
