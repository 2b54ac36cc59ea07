#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "ami_translate.h"

/* A fact in words, so that a row of a table says all of it. */
static void put(char *ret, size_t size, const char *name, const char *value)
{
	size_t length = strlen(ret);

	if (value[0] != '\0')
		snprintf(ret + length, size - length, " %s=%s", name, value);
}

static void put_number(char *ret, size_t size, const char *name, unsigned value)
{
	char digits[16];

	snprintf(digits, sizeof(digits), "%u", value);
	if (value != 0)
		put(ret, size, name, digits);
}

static void put_channel(char *ret, size_t size, const char *name, const struct ami_channel *channel)
{
	char key[32];

	put(ret, size, name, channel->uniqueid);
	snprintf(key, sizeof(key), "%s.name", name);
	put(ret, size, key, channel->name);
	if (strcmp(channel->linkedid, channel->uniqueid) != 0) {
		snprintf(key, sizeof(key), "%s.of", name);
		put(ret, size, key, channel->linkedid);
	}
}

static const char *kind_name(const struct ami_fact *fact)
{
	static const char *const names[] = {
		[AMI_NOTHING] = "nothing",
		[AMI_ANSWER] = "answer",
		[AMI_BOOTED] = "booted",
		[AMI_DEVICE] = "device",
		[AMI_RINGING] = "ringing",
		[AMI_DIALLED] = "dialled",
		[AMI_DIAL_ENDED] = "dial ended",
		[AMI_BRIDGE_ENTERED] = "entered",
		[AMI_BRIDGE_LEFT] = "left",
		[AMI_PUT_ASIDE] = "put aside",
		[AMI_HELD] = "held",
		[AMI_RETRIEVED] = "retrieved",
		[AMI_HANGUP_ASKED] = "hangup asked",
		[AMI_HUNG_UP] = "hung up",
		[AMI_SENT_ON] = "sent on",
		[AMI_HANDED_OVER] = "handed over",
		[AMI_PUT_IN_PLACE] = "put in place",
		[AMI_AGENT_DID] = "agent did",
		[AMI_DIGIT] = "digit",
		[AMI_CALLED] = "called",
		[AMI_CHANNEL] = "channel",
		[AMI_LIST_DONE] = "list done",
	};

	return names[fact->kind];
}

static void put_words(char *ret, size_t size, const struct ami_fact *fact)
{
	static const char *const acts[] = { "login", "logout", "ready", "pause" };
	const struct agent_words *words = &fact->words;

	put(ret, size, "act", acts[fact->act]);
	put(ret, size, "agent", words->agent);
	put(ret, size, "reason", words->reason == NULL ? "" : words->reason);
	put(ret, size, "target", words->target == NULL ? "" : words->target);
	for (size_t i = 0; words->has_queues && i < words->queues_count; i++)
		put(ret, size, "queue", words->queues[i]);
	if (words->has_state)
		put(ret, size, "state", words->ready ? "ready" : "paused");
}

static void say(const struct ami_fact *fact, char *ret, size_t size)
{
	static const char *const results[] = { "answered",  "busy",   "no answer",
		                               "cancelled", "failed", "other" };
	char digit[2] = { fact->digit, '\0' };

	snprintf(ret, size, "%s", kind_name(fact));
	put(ret, size, "id", fact->id);
	put_channel(ret, size, "channel", &fact->channel);
	put_channel(ret, size, "other", &fact->other);
	put(ret, size, "bridge", fact->bridge);
	if (fact->kind == AMI_DEVICE) {
		put(ret, size, "device", fact->device);
		put(ret, size, "is", device_state_name(fact->state));
	}
	if (fact->kind == AMI_DIAL_ENDED)
		put(ret, size, "result", results[fact->result]);
	if (fact->kind == AMI_CHANNEL)
		put_number(ret, size, "state", fact->channel.state);
	if (fact->rings)
		put(ret, size, "rings", "yes");
	if (fact->soft)
		put(ret, size, "soft", "yes");
	if (fact->kind == AMI_ANSWER || fact->kind == AMI_CALLED)
		put(ret, size, "accepted", fact->accepted ? "yes" : "no");
	put_number(ret, size, "cause", fact->cause);
	put_number(ret, size, "reason", fact->reason);
	put(ret, size, "extension", fact->extension);
	put(ret, size, "application", fact->application);
	put(ret, size, "message", fact->message);
	put(ret, size, "challenge", fact->challenge);
	put(ret, size, "digit", digit);
	if (fact->kind == AMI_AGENT_DID)
		put_words(ret, size, fact);
}

#define CALLER \
	"Channel: PJSIP/callers-00000002\r\nChannelState: 6\r\nChannelStateDesc: Up\r\n" \
	"CallerIDNum: 15550100021\r\nCallerIDName: Caller 15550100021\r\n" \
	"ConnectedLineNum: <unknown>\r\nLanguage: en\r\nAccountCode: \r\nContext: route-dial\r\n" \
	"Exten: 1003\r\nPriority: 1\r\nUniqueid: 1795309168.4\r\nLinkedid: 1795309168.4\r\n"
#define AGENT \
	"Channel: PJSIP/1003-00000003\r\nChannelState: 6\r\nChannelStateDesc: Up\r\n" \
	"CallerIDNum: 1003\r\nCallerIDName: Agent 1003\r\nContext: from-agents\r\nExten: \r\n" \
	"Priority: 1\r\nUniqueid: 1795309170.5\r\nLinkedid: 1795309168.4\r\n"
#define DEST(state) \
	"DestChannel: PJSIP/1003-00000003\r\nDestChannelState: " state "\r\n" \
	"DestCallerIDNum: 1003\r\nDestUniqueid: 1795309170.5\r\nDestLinkedid: 1795309168.4\r\n"
#define SAID_CALLER " channel=1795309168.4 channel.name=PJSIP/callers-00000002"
#define SAID_AGENT " channel=1795309170.5 channel.name=PJSIP/1003-00000003 channel.of=1795309168.4"
#define SAID_DEST " other=1795309170.5 other.name=PJSIP/1003-00000003 other.of=1795309168.4"

/* What Asterisk 22 sent, shortened by members that nobody reads. */
static const struct {
	const char *message, *said;
} rows[] = {
	{ "Response: Success\r\nActionID: a2\r\nMessage: Redirect successful\r\n",
	  "answer id=a2 accepted=yes message=Redirect successful" },
	{ "Response: Success\r\nActionID: 1\r\nChallenge: 795475272\r\n",
	  "answer id=1 accepted=yes challenge=795475272" },
	{ "Response: Error\r\nMessage: Authentication failed\r\nActionID: 2\r\n",
	  "answer id=2 accepted=no message=Authentication failed" },
	{ "Event: FullyBooted\r\nPrivilege: system,all\r\nUptime: 63\r\nLastReload: 63\r\n"
	  "Status: Fully Booted\r\n",
	  "booted" },
	{ "Event: DeviceStateChange\r\nPrivilege: call,all\r\nTimestamp: 1795309170.281302\r\n"
	  "Device: PJSIP/1003\r\nState: BUSY\r\n",
	  "device device=PJSIP/1003 is=busy" },
	{ "Event: DeviceStateChange\r\nActionID: n7\r\nDevice: PJSIP/callers\r\n"
	  "State: UNAVAILABLE\r\n",
	  "device id=n7 device=PJSIP/callers is=unreachable" },
	{ "Event: DeviceStateChange\r\nDevice: PJSIP/1003\r\nState: Strange\r\n", "nothing" },
	{ "Event: DeviceStateListComplete\r\nActionID: d1\r\nEventList: Complete\r\n"
	  "ListItems: 1\r\n",
	  "list done id=d1" },
	{ "Event: Newstate\r\nChannel: PJSIP/1003-00000003\r\nChannelState: 5\r\n"
	  "ChannelStateDesc: Ringing\r\nUniqueid: 1795309170.5\r\nLinkedid: 1795309168.4\r\n",
	  "ringing" SAID_AGENT },
	{ "Event: Newstate\r\n" AGENT, "nothing" SAID_AGENT },
	{ "Event: DialBegin\r\nPrivilege: call,all\r\n" CALLER DEST("5") "DialString: 1003\r\n",
	  "dialled" SAID_CALLER SAID_DEST " rings=yes" },
	{ "Event: DialBegin\r\n" CALLER DEST("0") "DialString: 1003\r\n",
	  "dialled" SAID_CALLER SAID_DEST },
	/* Of an Originate. */
	{ "Event: DialBegin\r\n" DEST("0") "DialString: 1003\r\n", "dialled" SAID_DEST },
	{ "Event: DialState\r\n" CALLER DEST("5") "DialStatus: RINGING\r\n", "ringing" SAID_AGENT },
	{ "Event: DialState\r\n" CALLER DEST("0") "DialStatus: PROCEEDING\r\n",
	  "nothing" SAID_AGENT },
	{ "Event: DialEnd\r\n" CALLER DEST("6") "DialStatus: ANSWER\r\n",
	  "dial ended" SAID_CALLER SAID_DEST " result=answered" },
	{ "Event: DialEnd\r\n" DEST("5") "DialStatus: NOANSWER\r\n",
	  "dial ended" SAID_DEST " result=no answer" },
	{ "Event: DialEnd\r\n" DEST("5") "DialStatus: BUSY\r\n",
	  "dial ended" SAID_DEST " result=busy" },
	{ "Event: DialEnd\r\n" DEST("5") "DialStatus: CANCEL\r\n",
	  "dial ended" SAID_DEST " result=cancelled" },
	{ "Event: DialEnd\r\n" DEST("0") "DialStatus: CHANUNAVAIL\r\n",
	  "dial ended" SAID_DEST " result=failed" },
	{ "Event: DialEnd\r\n" DEST("0") "DialStatus: CONGESTION\r\n",
	  "dial ended" SAID_DEST " result=failed" },
	{ "Event: DialEnd\r\n" DEST("0") "DialStatus: ABORT\r\n",
	  "dial ended" SAID_DEST " result=other" },
	{ "Event: BridgeEnter\r\nBridgeUniqueid: 61b92acf-11fc-4c39-936f-ba3607d76613\r\n"
	  "BridgeType: basic\r\nBridgeNumChannels: 2\r\n" CALLER,
	  "entered" SAID_CALLER " bridge=61b92acf-11fc-4c39-936f-ba3607d76613" },
	{ "Event: BridgeLeave\r\nBridgeUniqueid: 61b92acf\r\nBridgeNumChannels: 1\r\n" AGENT,
	  "left" SAID_AGENT " bridge=61b92acf" },
	{ "Event: BridgeEnter\r\nBridgeUniqueid: 7\r\nBridgeTechnology: holding_bridge\r\n" CALLER,
	  "put aside" SAID_CALLER },
	{ "Event: BridgeLeave\r\nBridgeUniqueid: 7\r\nBridgeTechnology: holding_bridge\r\n" CALLER,
	  "nothing" },
	{ "Event: Hold\r\n" AGENT "MusicClass: default\r\n", "held" SAID_AGENT },
	{ "Event: Unhold\r\n" AGENT, "retrieved" SAID_AGENT },
	{ "Event: HangupRequest\r\n" AGENT, "hangup asked" SAID_AGENT },
	{ "Event: SoftHangupRequest\r\n" CALLER "Cause: 16\r\n",
	  "hangup asked" SAID_CALLER " soft=yes cause=16" },
	{ "Event: Hangup\r\n" CALLER "Cause: 16\r\nCause-txt: Normal Clearing\r\n",
	  "hung up" SAID_CALLER " cause=16" },
	{ "Event: BlindTransfer\r\nResult: Success\r\nTransfererChannel: PJSIP/1003-00000003\r\n"
	  "TransfererUniqueid: 1795309170.5\r\nTransfererLinkedid: 1795309168.4\r\n"
	  "TransfereeChannel: PJSIP/callers-00000002\r\nTransfereeUniqueid: 1795309168.4\r\n"
	  "TransfereeLinkedid: 1795309168.4\r\nBridgeUniqueid: 61b9\r\nIsExternal: Yes\r\n"
	  "Context: from-agents\r\nExtension: 1004\r\n",
	  "sent on" SAID_AGENT " other=1795309168.4 other.name=PJSIP/callers-00000002 "
	  "extension=1004" },
	{ "Event: BlindTransfer\r\nResult: Fail\r\nTransfererUniqueid: 1\r\n", "nothing" },
	{ "Event: AttendedTransfer\r\nResult: Success\r\nOrigTransfererUniqueid: 1795309170.5\r\n"
	  "SecondTransfererUniqueid: 1795309170.6\r\nTransfereeChannel: PJSIP/callers-00000002\r\n"
	  "TransfereeUniqueid: 1795309168.4\r\nTransfereeLinkedid: 1795309168.4\r\n"
	  "TransferTargetChannel: PJSIP/1003-00000003\r\nTransferTargetUniqueid: 1795309170.5\r\n"
	  "TransferTargetLinkedid: 1795309168.4\r\nIsExternal: Yes\r\nDestType: Bridge\r\n",
	  "handed over" SAID_CALLER SAID_DEST },
	{ "Event: AttendedTransfer\r\nResult: Success\r\nOrigTransfererUniqueid: 1795309170.5\r\n"
	  "SecondTransfererChannel: PJSIP/1003-00000003\r\n"
	  "SecondTransfererUniqueid: 1795309170.5\r\nSecondTransfererLinkedid: 1795309168.4\r\n"
	  "TransfereeChannel: PJSIP/callers-00000002\r\nTransfereeUniqueid: 1795309168.4\r\n"
	  "TransfereeLinkedid: 1795309168.4\r\nDestType: App\r\nDestApp: Dial\r\n",
	  "put in place" SAID_CALLER SAID_DEST },
	{ "Event: AttendedTransfer\r\nResult: Not Permitted\r\nTransfereeUniqueid: 1\r\n",
	  "nothing" },
	{ "Event: AttendedTransfer\r\nResult: Success\r\nOrigTransfererUniqueid: 5\r\n",
	  "nothing" },
	{ "Event: UserEvent\r\n" CALLER "UserEvent: Waiting\r\nNum: 15550100021\r\n", "nothing" },
	{ "Event: UserEvent\r\n" AGENT "UserEvent: NajimiLogin\r\nAgent: alice\r\n"
	  "Queues: sales&support\r\nTarget: PJSIP/alice\r\nState: ready\r\n",
	  "agent did" SAID_AGENT " act=login agent=alice target=PJSIP/alice queue=sales "
	  "queue=support state=ready" },
	{ "Event: UserEvent\r\nUserEvent: NajimiLogin\r\nAgent: alice\r\nQueues: \r\nState: "
	  "paused\r\n",
	  "agent did act=login agent=alice state=paused" },
	{ "Event: UserEvent\r\nUserEvent: NajimiLogout\r\nAgent: alice\r\n",
	  "agent did act=logout agent=alice" },
	{ "Event: UserEvent\r\nUserEvent: NajimiReady\r\nAgent:alice\r\n",
	  "agent did act=ready agent=alice" },
	{ "Event: UserEvent\r\nUserEvent: NajimiPause\r\nAgent: alice\r\nReason: lunch: long\r\n",
	  "agent did act=pause agent=alice reason=lunch: long" },
	{ "Event: DTMFEnd\r\n" CALLER "Digit: 5\r\nDurationMs: 100\r\nDirection: Received\r\n",
	  "digit" SAID_CALLER " digit=5" },
	{ "Event: DTMFEnd\r\n" CALLER "Digit: 5\r\nDirection: Sent\r\n", "nothing" SAID_CALLER },
	{ "Event: OriginateResponse\r\nPrivilege: call,all\r\nActionID: o2\r\nResponse: Success\r\n"
	  "Channel: Local/1@x-00000000;1\r\nReason: 4\r\nUniqueid: 1795304697.10\r\n",
	  "called id=o2 channel=1795304697.10 channel.name=Local/1@x-00000000;1 accepted=yes "
	  "reason=4" },
	{ "Event: OriginateResponse\r\nActionID: o3\r\nResponse: Failure\r\nChannel: PJSIP/1\r\n"
	  "Reason: 3\r\nUniqueid: <null>\r\n",
	  "called id=o3 channel.name=PJSIP/1 accepted=no reason=3" },
	{ "Event: CoreShowChannel\r\nActionID: n4\r\n" CALLER
	  "BridgeId: 61b9\r\nApplication: Dial\r\nApplicationData: PJSIP/1003,20\r\n"
	  "Duration: 00:00:03\r\n",
	  "channel id=n4" SAID_CALLER " bridge=61b9 state=6 application=Dial" },
	{ "Event: CoreShowChannelsComplete\r\nActionID: n4\r\nEventList: Complete\r\n"
	  "ListItems: 2\r\n",
	  "list done id=n4" },
	{ "Event: VarSet\r\n" CALLER "Variable: A\r\nValue: b\r\n", "nothing" },
	{ "Output: a: b\r\n", "nothing" },
	{ "", "nothing" },
};

static void says_what_happened(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct ami_message message = { .bytes = text_of(rows[i].message) };
		struct ami_fact fact;
		struct refusal refusal;
		char said[1024];

		assert_true(ami_translate(&message, &fact, &refusal));
		say(&fact, said, sizeof(said));
		assert_string_equal(said, rows[i].said);
	}
}

static void says_what_is_missing(void **state)
{
	static const struct {
		const char *message, *field;
	} wrong[] = {
		{ "Event: DeviceStateChange\r\nState: BUSY\r\n", "Device" },
		{ "Event: Hangup\r\nChannel: PJSIP/1\r\n", "Uniqueid" },
		{ "Event: HangupRequest\r\nUniqueid: \r\n", "Uniqueid" },
		{ "Event: DialBegin\r\n" CALLER, "DestUniqueid" },
		{ "Event: DialState\r\n" CALLER, "DestUniqueid" },
		{ "Event: BridgeEnter\r\n" CALLER, "BridgeUniqueid" },
		{ "Event: BridgeLeave\r\nBridgeUniqueid: 1\r\n", "Uniqueid" },
		{ "Event: Newstate\r\nChannelState: 5\r\n", "Uniqueid" },
		{ "Event: Hold\r\n", "Uniqueid" },
		{ "Event: DTMFEnd\r\nDigit: 1\r\n", "Uniqueid" },
		{ "Event: CoreShowChannel\r\n", "Uniqueid" },
		{ "Event: BlindTransfer\r\nResult: Success\r\n", "TransfererUniqueid" },
		{ "Event: UserEvent\r\nUserEvent: NajimiReady\r\n", "Agent" },
		{ "Event: UserEvent\r\nUserEvent: NajimiReady\r\nAgent: a\tb\r\n", "Agent" },
		{ "Event: UserEvent\r\nUserEvent: NajimiPause\r\nAgent: a\r\nReason: \xff\r\n",
		  "Reason" },
		{ "Event: UserEvent\r\nUserEvent: NajimiLogin\r\nAgent: a\r\nState: here\r\n",
		  "State" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
		struct ami_message message = { .bytes = text_of(wrong[i].message) };
		struct ami_fact fact;
		struct refusal refusal;

		assert_false(ami_translate(&message, &fact, &refusal));
		assert_string_equal(refusal.field, wrong[i].field);
		assert_int_not_equal(refusal.detail[0], '\0');
	}
}

static bool login_with(const char *key, size_t length, const char *unit, struct ami_fact *fact,
                       struct refusal *refusal)
{
	static char bytes[8192];
	struct ami_message message = { .bytes = { bytes, 0 } };
	int at = snprintf(bytes, sizeof(bytes),
	                  "Event: UserEvent\r\nUserEvent: NajimiLogin\r\nAgent: a\r\n%s: ", key);

	for (size_t i = 0; i < length; i++)
		at += snprintf(bytes + at, sizeof(bytes) - (size_t)at, "%s", unit);
	at += snprintf(bytes + at, sizeof(bytes) - (size_t)at, "\r\n");
	message.bytes.length = (size_t)at;
	return ami_translate(&message, fact, refusal);
}

static void an_agent_can_only_say_so_much(void **state)
{
	struct ami_fact fact;
	struct refusal refusal;

	(void)state;
	assert_true(login_with("Queues", AGENT_QUEUES_MAX, "q&", &fact, &refusal));
	assert_int_equal(fact.words.queues_count, AGENT_QUEUES_MAX);
	assert_string_equal(fact.words.queues[AGENT_QUEUES_MAX - 1], "q");
	assert_false(login_with("Queues", AGENT_QUEUES_MAX + 1, "q&", &fact, &refusal));
	assert_string_equal(refusal.reason, "too_many");
	assert_false(login_with("Queues", 1024, "q", &fact, &refusal));
	assert_string_equal(refusal.reason, "bad_value");
	assert_true(login_with("Target", TEXT_BYTES_MAX, "t", &fact, &refusal));
	assert_int_equal(strlen(fact.words.target), TEXT_BYTES_MAX);
	assert_false(login_with("Target", TEXT_BYTES_MAX + 1, "t", &fact, &refusal));
	assert_string_equal(refusal.field, "Target");
}

static void a_channel_with_a_name_beyond_the_limit_is_none(void **state)
{
	static char bytes[512];
	struct ami_message message = { .bytes = { bytes, 0 } };
	struct ami_fact fact;
	struct refusal refusal;

	(void)state;
	for (int length = UNIQUEID_SIZE - 1; length <= UNIQUEID_SIZE; length++) {
		message.bytes.length = (size_t)snprintf(
		        bytes, sizeof(bytes), "Event: Hangup\r\nUniqueid: %0*d\r\n", length, 7);
		assert_int_equal(ami_translate(&message, &fact, &refusal),
		                 length == UNIQUEID_SIZE - 1);
	}
	assert_string_equal(refusal.field, "Uniqueid");
}

static void devices_veto_but_do_not_when_they_ring(void **state)
{
	static const struct {
		const char *word;
		bool known;
		enum device_state state;
	} words[] = {
		{ "NOT_INUSE", true, DEVICE_REACHABLE },
		{ "RINGING", true, DEVICE_REACHABLE },
		{ "UNKNOWN", true, DEVICE_REACHABLE },
		{ "INUSE", true, DEVICE_BUSY },
		{ "BUSY", true, DEVICE_BUSY },
		{ "ONHOLD", true, DEVICE_BUSY },
		{ "RINGINUSE", true, DEVICE_BUSY },
		{ "UNAVAILABLE", true, DEVICE_UNREACHABLE },
		{ "INVALID", true, DEVICE_UNREACHABLE },
		{ "not_inuse", false, DEVICE_REACHABLE },
		{ "", false, DEVICE_REACHABLE },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		enum device_state device = DEVICE_REACHABLE;

		assert_int_equal(ami_device_state(text_of(words[i].word), &device), words[i].known);
		assert_int_equal(device, words[i].state);
	}
}

static void a_miss_is_what_the_telephone_said_of_itself(void **state)
{
	(void)state;
	assert_int_equal(ami_miss_of_dial(DIAL_NO_ANSWER, 0), MISS_NO_ANSWER);
	assert_int_equal(ami_miss_of_dial(DIAL_NO_ANSWER, 16), MISS_NO_ANSWER);
	assert_int_equal(ami_miss_of_dial(DIAL_NO_ANSWER, 21), MISS_REJECTED);
	assert_int_equal(ami_miss_of_dial(DIAL_NO_ANSWER, 17), MISS_BUSY);
	assert_int_equal(ami_miss_of_dial(DIAL_BUSY, 0), MISS_BUSY);
	assert_int_equal(ami_miss_of_dial(DIAL_BUSY, 17), MISS_BUSY);
	assert_int_equal(ami_miss_of_dial(DIAL_BUSY, 21), MISS_REJECTED);
	assert_int_equal(ami_miss_of_dial(DIAL_FAILED, 21), MISS_REJECTED);
	assert_int_equal(ami_miss_of_dial(DIAL_FAILED, 19), MISS_NO_ANSWER);
	assert_int_equal(ami_miss_of_dial(DIAL_FAILED, 18), MISS_NO_ANSWER);
	assert_int_equal(ami_miss_of_dial(DIAL_FAILED, 20), MISS_UNREACHABLE);
	assert_int_equal(ami_miss_of_dial(DIAL_OTHER, 0), MISS_UNREACHABLE);
	assert_int_equal(ami_miss_of_reason(0, 0), MISS_UNREACHABLE);
	assert_int_equal(ami_miss_of_reason(8, 0), MISS_UNREACHABLE);
	assert_int_equal(ami_miss_of_reason(8, 21), MISS_REJECTED);
	assert_int_equal(ami_miss_of_reason(1, 0), MISS_REJECTED);
	assert_int_equal(ami_miss_of_reason(3, 16), MISS_NO_ANSWER);
	assert_int_equal(ami_miss_of_reason(5, 0), MISS_BUSY);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(says_what_happened),
		cmocka_unit_test(says_what_is_missing),
		cmocka_unit_test(an_agent_can_only_say_so_much),
		cmocka_unit_test(a_channel_with_a_name_beyond_the_limit_is_none),
		cmocka_unit_test(devices_veto_but_do_not_when_they_ring),
		cmocka_unit_test(a_miss_is_what_the_telephone_said_of_itself),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
