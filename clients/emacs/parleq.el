;;; parleq.el --- Dictate into buffers through parleqd  -*- lexical-binding: t; -*-

;; Author: The parleqd project
;; URL: https://example.org/parleqd
;; Version: 0.1.0
;; Package-Requires: ((emacs "28.1"))
;; Keywords: convenience, multimedia
;; SPDX-License-Identifier: Apache-2.0

;; Licensed under the Apache License, Version 2.0 (the "License"); you may not
;; use this file except in compliance with the License.  You may obtain a copy
;; of the License at <http://www.apache.org/licenses/LICENSE-2.0>.  Unless
;; required by applicable law or agreed to in writing, software distributed
;; under the License is distributed on an "AS IS" BASIS, WITHOUT WARRANTIES OR
;; CONDITIONS OF ANY KIND, either express or implied.  See the License for the
;; specific language governing permissions and limitations under the License.

;;; Commentary:

;; A client of parleqd, the dictation daemon: speech is recognised on this
;; machine, and the text comes back into the buffer and the place where the
;; dictation began, wherever point is by then, as one undo step.
;;
;;   (parleq-mode 1)
;;   (global-set-key (kbd "C-c d") 'parleq-command-map)
;;
;; Then C-c d d begins a dictation and ends it, C-c d k gives it up, and
;; M-x parleq-doctor says what is missing.
;;
;; Nothing of a buffer's text is sent to the daemon, but for the region that
;; `parleq-refine-region' is to change.  What is dictated is written to no log.

;;; Code:

(require 'cl-lib)
(require 'jsonrpc)
(require 'subr-x)

(declare-function term-in-char-mode "term")
(declare-function term-send-raw-string "term" (chars))
(declare-function vterm-send-string "ext:vterm" (string &optional paste-p))

;;; Options

(defgroup parleq nil
  "Dictation through parleqd."
  :group 'convenience
  :prefix "parleq-")

(defcustom parleq-socket nil
  "Where parleqd listens.
nil means where the daemon itself listens by default: PARLEQ_SOCKET,
else a place in XDG_RUNTIME_DIR, else in memory."
  :type '(choice (const :tag "Where parleqd listens by default" nil) file))

(defcustom parleq-language nil
  "Code of the language that is spoken, such as \"de\".
nil leaves it to the daemon's settings."
  :type '(choice (const :tag "As the daemon's settings say" nil) string)
  :safe #'stringp
  :local t)

(defcustom parleq-file-types
  '((c++-mode . "cpp")
    (emacs-lisp-mode . "elisp")
    (gfm-mode . "markdown")
    (js-mode . "javascript")
    (log-edit-mode . "gitcommit")
    (sh-mode . "shellscript"))
  "What the daemon is told a buffer holds, by its major mode.
The rules for applications in the daemon's settings go by it.  Any other
mode is told by its name, without \"-ts\" and \"-mode\"."
  :type '(alist :key-type symbol :value-type string))

(defface parleq-stable '((t :inherit font-lock-doc-face))
  "What is being said, as far as it will not change any more.")

(defface parleq-provisional '((t :inherit shadow :slant italic))
  "What is being said, as far as it may still change.")

(defface parleq-label '((t :inherit shadow))
  "What a dictation is doing, where there are no words of it yet.")

(defface parleq-recording '((t :inherit error))
  "The mode line while the microphone is heard.")

(defface parleq-refining '((t :inherit secondary-selection))
  "The region that is being changed.")

;;; What is known

(defconst parleq--protocol 1)
(defconst parleq--version "0.1.0")
(defconst parleq--answer-seconds 30
  "How long a daemon that lives may take for what it answers at once.")
(defconst parleq--first-pause 0.2
  "Seconds until another attempt to connect; each takes twice the last.")
(defconst parleq--longest-pause 10.0)
(defconst parleq--nothing (make-hash-table)
  "The params of what takes none.")

(defvar parleq--instance nil
  "What the daemon knows this Emacs by: texts belong to it.")
(defvar parleq--connection nil)
(defvar parleq--process nil)
(defvar parleq--introduced nil
  "Non-nil once the daemon has accepted the handshake.")
(defvar parleq--refused nil
  "Why this daemon is not asked again: it speaks another protocol; or nil.")
(defvar parleq--looked nil
  "Non-nil once was looked what texts an earlier Emacs has left behind.")
(defvar parleq--queue nil
  "Functions to be called once the daemon has accepted the handshake.")
(defvar parleq--unanswered nil
  "Non-nil if the connection has ended before an answer that was wanted.")
(defvar parleq--taking nil
  "Non-nil while `parleq-last' waits: pressed twice, it must not insert twice.")
(defvar parleq--timer nil
  "The timer of the next attempt to connect.")
(defvar parleq--pause parleq--first-pause)
(defvar parleq--early nil
  "Notifications of sessions whose names are not known yet, latest first.")
(defvar parleq--unacknowledged nil
  "Ids of sessions whose texts have arrived, which the daemon may not know.")
(defvar parleq--dictations nil
  "The dictations whose texts are not there yet, in the order of their start.")

(defvar parleq-mode)

(cl-defstruct (parleq--dictation
               (:constructor parleq--dictation-make) (:copier nil))
  "A dictation, from its start until its text is where it belongs.
BEGIN is a marker; END is another one where the text between them is to
be replaced, which was BASELINE.  PHASE is `starting', `recording',
`working' or `lost' (the daemon has gone).  ENDING is what was asked
for: nil, `stop' or `cancel'."
  id buffer begin end baseline overlay
  (phase 'starting) ending (stable "") (provisional ""))

;;; The daemon's place

(defun parleq--default-socket ()
  "Return where this user's daemon listens unless it is told otherwise."
  (let ((given (getenv "PARLEQ_SOCKET"))
        (runtime (or (getenv "XDG_RUNTIME_DIR") "")))
    (cond
     ((and given (not (string-empty-p given))) given)
     ((string-prefix-p "/" runtime)
      (concat (string-remove-suffix "/" runtime) "/parleq/parleqd.sock"))
     ((eq system-type 'gnu/linux)
      (format "/dev/shm/parleq-%d/parleqd.sock" (user-uid)))
     (t (format "%s/parleq-%d/parleqd.sock"
                (string-remove-suffix "/" (or (getenv "TMPDIR") "/tmp"))
                (user-uid))))))

(defun parleq--socket ()
  "Return the path of the socket."
  (if parleq-socket (expand-file-name parleq-socket) (parleq--default-socket)))

(defun parleq--start-hint ()
  "Return what to do where no daemon listens."
  (let ((path (parleq--socket)))
    (if (equal path (parleq--default-socket))
        "start it with `parleqd'"
      (format "start it with `parleqd --socket %s'"
              (shell-quote-argument path)))))

(defun parleq--absent (why)
  "Tell the user that no daemon listens, and WHY."
  (user-error "No parleqd at %s: %s; %s"
              (parleq--socket) why (parleq--start-hint)))

(defun parleq--check-place (path)
  "Refuse to connect to PATH unless it is a socket of this user's.
Somebody else's daemon must not get this user's words."
  (let ((found (file-attributes (file-truename path))))
    (cond
     ((null found) (parleq--absent "there is no such socket"))
     ((not (string-prefix-p "s" (file-attribute-modes found)))
      (parleq--absent "that is no socket"))
     ((/= (file-attribute-user-id found) (user-uid))
      (user-error "The socket %s is user id %d's, and this is user id %d"
                  path (file-attribute-user-id found) (user-uid))))))

;;; Connection

(defun parleq--connect ()
  "Connect to the daemon unless there is a connection.
Signal a `user-error' that tells what to do where that is impossible."
  (unless (process-live-p parleq--process)
    (let ((path (parleq--socket)))
      (parleq--check-place path)
      (setq parleq--process
            (condition-case problem
                (make-network-process :name "parleq"
                                      :family 'local :service path
                                      :coding 'utf-8-emacs-unix :noquery t)
              (file-error (parleq--absent (format "%s" (nth 2 problem))))))
      (setq parleq--introduced nil
            parleq--refused nil
            parleq--connection
            (apply #'make-instance 'jsonrpc-process-connection
                   :name "parleq" :process parleq--process
                   :notification-dispatcher #'parleq--told
                   :request-dispatcher #'parleq--asked
                   :on-shutdown #'parleq--shut-down
                   (parleq--no-log)))
      (parleq--introduce))))

(defun parleq--no-log ()
  "Return the arguments that keep the library from logging.
It would keep every message, and with it every text, in a buffer.
Newer versions have another name for it."
  (if (memq '-events-buffer-config
            (mapcar #'eieio-slot-descriptor-name
                    (eieio-class-slots 'jsonrpc-connection)))
      '(:events-buffer-config (:size 0 :format short))
    '(:events-buffer-scrollback-size 0)))

(defun parleq--introduce ()
  "Shake hands with the daemon."
  (parleq--request
   'initialize
   `(:client (:name "emacs" :version ,parleq--version
              :instance ,(parleq--this-emacs))
     :protocol ,parleq--protocol
     :capabilities (:insert :json-false :partials t))
   #'parleq--introduced
   (lambda (problem)
     (unless (parleq--gone-p problem)
       (parleq--refuse (parleq--words problem))))))

(defun parleq--this-emacs ()
  "Return a name of this Emacs that no other one has."
  (or parleq--instance
      (setq parleq--instance
            (format "%08x-%04x-4%03x-%04x-%06x%06x"
                    (random #x100000000) (random #x10000) (random #x1000)
                    (+ #x8000 (random #x4000))
                    (random #x1000000) (random #x1000000)))))

(defun parleq--introduced (answer)
  "Begin to work: the daemon's ANSWER to the handshake is there."
  (let ((spoken (plist-get answer :protocol)))
    (if (not (eql spoken parleq--protocol))
        (parleq--refuse
         (format "the daemon speaks protocol %s, and this client %d"
                 spoken parleq--protocol))
      (setq parleq--introduced t
            parleq--pause parleq--first-pause)
      (jsonrpc-notify parleq--connection 'initialized parleq--nothing)
      (parleq--request 'events/subscribe '(:topics ["notice"])
                       #'ignore #'ignore)
      (parleq--catch-up)
      (mapc #'parleq--calmly
            (prog1 (nreverse parleq--queue) (setq parleq--queue nil)))
      (force-mode-line-update t))))

(defun parleq--refuse (why)
  "Have nothing to do with this daemon, and say WHY."
  (setq parleq--refused (concat why "; install both from one release"))
  (parleq--hang-up)
  (message "Parleq: %s" parleq--refused))

(defun parleq--hang-up ()
  "End the connection, if there is one."
  (when (process-live-p parleq--process)
    (delete-process parleq--process)))

(defun parleq--shut-down (connection)
  "Wait for another daemon: CONNECTION has ended, whoever ended it."
  (dolist (buffer (list (jsonrpc-events-buffer connection)
                        (jsonrpc-stderr-buffer connection)))
    (when (buffer-live-p buffer) (kill-buffer buffer)))
  (when (eq connection parleq--connection)
    (when (memq #'parleq--ask-doctor parleq--queue)
      (parleq--verdict "failed" "handshake"
                       (or parleq--refused "parleqd has ended it, or hangs")))
    (let ((wanted (or parleq--queue parleq--dictations parleq--unanswered)))
      (setq parleq--connection nil parleq--process nil parleq--introduced nil
            parleq--queue nil parleq--early nil parleq--unanswered nil)
      (dolist (dictation (copy-sequence parleq--dictations))
        (if (parleq--dictation-id dictation)
            (parleq--enter dictation 'lost)
          (parleq--forget dictation)))
      (when (and wanted (not parleq--refused))
        (message "Parleq: parleqd has gone%s; %s"
                 (if parleq--dictations ", and keeps what was said" "")
                 (parleq--start-hint))))
    (parleq--later)
    (force-mode-line-update t)))

(defun parleq--later ()
  "Try to connect again in a while."
  (parleq--cancel-timer)
  (when (and parleq-mode (not parleq--refused))
    (setq parleq--timer (run-with-timer parleq--pause nil #'parleq--retry)
          parleq--pause (min (* 2 parleq--pause) parleq--longest-pause))))

(defun parleq--cancel-timer ()
  "Do not try to connect again."
  (when parleq--timer
    (cancel-timer parleq--timer)
    (setq parleq--timer nil)))

(defun parleq--retry ()
  "Connect; where nobody is there, try again later."
  (condition-case nil
      (parleq--connect)
    (error (parleq--later))))

(defun parleq--reach (function)
  "Call FUNCTION as soon as the daemon has accepted the handshake.
Signal a `user-error' where nobody listens."
  (unless parleq-mode (parleq-mode 1))
  (parleq--connect)
  (if parleq--introduced
      (funcall function)
    (push function parleq--queue)))

;;; Requests

(defun parleq--request (method params success &optional failure patiently)
  "Ask for METHOD with PARAMS; SUCCESS gets the result, FAILURE the error.
By default a failure is told to the user.  PATIENTLY: however long it
takes.  Never `jsonrpc-request': it loses what comes with its answer."
  (let* ((failure (or failure #'parleq--complain))
         (watch (unless patiently
                  (run-with-timer parleq--answer-seconds nil
                                  #'parleq--silent))))
    (cl-flet ((then (function)
                (lambda (answer)
                  (when watch (cancel-timer watch))
                  (parleq--calmly function answer))))
      (condition-case problem
          (jsonrpc-async-request parleq--connection method params
                                 :timeout nil
                                 :success-fn (then success)
                                 :error-fn (then failure))
        (error
         (when watch (cancel-timer watch))
         (funcall failure
                  (list :code (if (process-live-p parleq--process) 0 -1)
                        :message (error-message-string problem))))))))

(defun parleq--calmly (function &rest arguments)
  "Call FUNCTION with ARGUMENTS as if from the command loop.
The library's filter makes every buffer writable meanwhile, and after an
error it would leave the rest of what has come unread."
  (let ((inhibit-read-only nil))
    (condition-case problem
        (apply function arguments)
      (error (message "Parleq: %s" (error-message-string problem))))))

(defun parleq--silent ()
  "Hang up, since the daemon hangs; it is asked again after it comes back."
  (parleq--hang-up)
  (message "Parleq: parleqd does not answer; end that process, start it again"))

(defun parleq--gone-p (problem)
  "Return non-nil if PROBLEM is the end of the connection itself."
  (eql (plist-get problem :code) -1))

(defun parleq--reason (problem)
  "Return the stable reason of PROBLEM, a string, or nil."
  (plist-get (plist-get problem :data) :reason))

(defun parleq--words (problem)
  "Return what a person should know of PROBLEM."
  (let ((hint (or (plist-get (plist-get problem :data) :hint)
                  (plist-get problem :hint)
                  "")))
    (concat (plist-get problem :message)
            (unless (string-empty-p hint) "; ")
            hint)))

(defun parleq--complain (problem)
  "Tell the user of PROBLEM; leave to `parleq--shut-down' the connection's end."
  (if (parleq--gone-p problem)
      (setq parleq--unanswered t)
    (message "Parleq: %s" (parleq--words problem))))

;;; Notifications

(defun parleq--asked (&rest _)
  "Refuse what the daemon asks for: this client has not offered anything."
  (jsonrpc-error :code -32601 :message "This client answers no requests"))

(defun parleq--told (_connection method params)
  "Take the daemon's notification METHOD, a symbol, with PARAMS."
  (parleq--calmly
   (lambda ()
     (let* ((id (plist-get params :session_id))
            (dictation (and id (parleq--find id))))
       (cond
        ((eq method 'daemon/notice) (parleq--notice params dictation))
        (dictation (parleq--hear dictation method params))
        ((and id (cl-member nil parleq--dictations :key #'parleq--dictation-id))
         (push (list id method params) parleq--early)))))))

(defun parleq--find (id)
  "Return the dictation whose session is ID, or nil."
  (cl-find id parleq--dictations :key #'parleq--dictation-id :test #'equal))

(defun parleq--hear (dictation method params)
  "Take note of METHOD with PARAMS, which was told of DICTATION."
  (pcase method
    ('session/state
     (if (equal (plist-get params :phase) "recording")
         (unless (parleq--dictation-ending dictation)
           (parleq--enter dictation 'recording))
       (parleq--enter dictation 'working)))
    ('session/partial
     (setf (parleq--dictation-stable dictation) (plist-get params :stable)
           (parleq--dictation-provisional dictation)
           (plist-get params :provisional))
     (parleq--show dictation))))

(defun parleq--notice (params dictation)
  "Pass on the daemon's notice PARAMS where it concerns this Emacs.
It does if it is about DICTATION, a text left behind, or the microphone."
  (if (equal (plist-get params :reason) "resumed")
      (unless dictation (parleq--offer 1))
    (when (or dictation
              (and (null (plist-get params :session_id)) (parleq--recording)))
      (message "Parleq: %s" (parleq--words params)))))

(defun parleq--offer (count)
  "Say that COUNT texts wait for whoever wants them."
  (when (> count 0)
    (message "Parleq: %s; %s at point"
             (if (= count 1)
                 "a dictated text waits"
               (format "%d dictated texts wait" count))
             (substitute-command-keys "\\[parleq-last] inserts the latest"))))

;;; After a connection was lost

(defun parleq--catch-up ()
  "Go on with what an earlier connection, or an earlier Emacs, has left."
  (dolist (id (prog1 parleq--unacknowledged (setq parleq--unacknowledged nil)))
    (parleq--acknowledge id "verified"))
  (dolist (dictation
           (cl-remove nil parleq--dictations :key #'parleq--dictation-id))
    (if (eq (parleq--dictation-ending dictation) 'cancel)
        (parleq--give-up dictation)
      (parleq--enter dictation 'working)
      (parleq--fetch dictation)))
  (unless parleq--looked
    (setq parleq--looked t)
    (parleq--request 'session/pending '(:all t)
                     (lambda (answer)
                       (parleq--offer (length (parleq--offered answer))))
                     #'ignore)))

(defun parleq--offered (answer)
  "Return the sessions in ANSWER that have no place here, latest first."
  (sort (cl-remove-if (lambda (one)
                        (let ((id (plist-get one :session_id)))
                          (or (parleq--find id)
                              (member id parleq--unacknowledged))))
                      (append (plist-get answer :sessions) nil))
        (lambda (one other)
          (> (plist-get one :started) (plist-get other :started)))))

;;; Dictations

(defun parleq--begin (method params dictation)
  "Ask for a session by METHOD and PARAMS: it is DICTATION."
  (setq parleq--dictations (append parleq--dictations (list dictation)))
  (parleq--show dictation)
  (condition-case problem
      (parleq--reach
       (lambda ()
         (parleq--request method params
                          (lambda (answer)
                            (parleq--began dictation
                                           (plist-get answer :session_id)))
                          (lambda (failure)
                            (parleq--forget dictation)
                            (parleq--complain failure)))))
    (error
     (parleq--forget dictation)
     (signal (car problem) (cdr problem)))))

(defun parleq--began (dictation id)
  "Go on with DICTATION, whose session the daemon has named: ID.
The user, and the daemon's notifications, may have been faster."
  (setf (parleq--dictation-id dictation) id)
  (dolist (told (prog1 (nreverse parleq--early)
                  (setq parleq--early nil)))
    (when (equal (car told) id)
      (parleq--hear dictation (nth 1 told) (nth 2 told))))
  (if (eq (parleq--dictation-ending dictation) 'cancel)
      (parleq--give-up dictation)
    (when (eq (parleq--dictation-ending dictation) 'stop)
      (parleq--end-recording dictation))
    (parleq--fetch dictation)))

(defun parleq--end-recording (dictation)
  "Have the daemon stop recording DICTATION; it may have done so by itself."
  (parleq--request 'session/stop
                   (list :session_id (parleq--dictation-id dictation))
                   #'ignore #'ignore))

(defun parleq--give-up (dictation)
  "Have the daemon forget DICTATION; until it has, it is remembered here."
  (parleq--request 'session/cancel
                   (list :session_id (parleq--dictation-id dictation))
                   (lambda (_) (parleq--forget dictation))
                   (lambda (problem)
                     (unless (parleq--gone-p problem)
                       (parleq--forget dictation)))))

(defun parleq--fetch (dictation)
  "Wait for the text of DICTATION."
  (parleq--request 'session/result
                   (list :session_id (parleq--dictation-id dictation))
                   (lambda (result) (parleq--place dictation result))
                   (lambda (problem)
                     (unless (or (parleq--gone-p problem)
                                 (eq (parleq--dictation-ending dictation)
                                     'cancel))
                       (parleq--forget dictation)
                       (parleq--complain problem)))
                   'patiently))

(defun parleq--place (dictation result)
  "Put the RESULT of DICTATION where it belongs, unless it was cancelled."
  (when (and (memq dictation parleq--dictations)
             (not (eq (parleq--dictation-ending dictation) 'cancel)))
    (let ((id (parleq--dictation-id dictation))
          (text (parleq--text-of result)))
      (parleq--hide dictation)
      (cond
       ((string-empty-p text)
        (message "Parleq: nothing was said (%s)" (plist-get result :verdict)))
       ((equal text (parleq--dictation-baseline dictation))
        (parleq--acknowledge id "verified")
        (message "Parleq: the text stays as it is%s"
                 (if-let ((fallback (plist-get result :fallback)))
                     (concat "; " (parleq--words fallback))
                   "")))
       (t (condition-case problem
              (progn
                (parleq--insert dictation text)
                (parleq--acknowledge id "verified")
                (mapc #'parleq--complain
                      (append (plist-get result :warnings)
                              (when-let ((fallback (plist-get result :fallback)))
                                (list fallback)))))
            (error (parleq--kept (error-message-string problem))))))
      (parleq--forget dictation))))

(defun parleq--text-of (result)
  "Return the text of RESULT as it is inserted.
The daemon's settings may want a blank behind it, but for what replaces
another text."
  (let ((text (plist-get result :text)))
    (if (and (eq (plist-get result :trailing_space) t)
             (null (plist-get result :baseline))
             (string-match-p "[^ \t\n]\\'" text))
        (concat text " ")
      text)))

(defun parleq--kept (why)
  "Say that a text could not be inserted, WHY, and how it is had all the same."
  (message "Parleq: %s; the text waits: %s" why
           (substitute-command-keys
            "\\[parleq-last] inserts it at point, or copies it with C-u")))

(defun parleq--acknowledge (id status)
  "Tell the daemon that the text of session ID has arrived.
STATUS is how surely; until the daemon knows, it is remembered here."
  (push id parleq--unacknowledged)
  (parleq--request 'session/acknowledge
                   `(:session_id ,id :receipt (:status ,status :detail ""))
                   (lambda (_) (parleq--settled id))
                   (lambda (problem)
                     (unless (parleq--gone-p problem) (parleq--settled id)))))

(defun parleq--settled (id)
  "The daemon need not be told of session ID any more."
  (setq parleq--unacknowledged (delete id parleq--unacknowledged)))

(defun parleq--forget (dictation)
  "Nothing more will come of DICTATION."
  (parleq--hide dictation)
  (setq parleq--dictations (delq dictation parleq--dictations))
  (dolist (marker (list (parleq--dictation-begin dictation)
                        (parleq--dictation-end dictation)))
    (when marker (set-marker marker nil)))
  (force-mode-line-update t))

;;; What is seen while one speaks

(defun parleq--enter (dictation phase)
  "Take note that DICTATION is in PHASE now."
  (setf (parleq--dictation-phase dictation) phase)
  (parleq--show dictation)
  (force-mode-line-update t))

(defun parleq--show (dictation)
  "Show what is known of DICTATION where its text will go."
  (let ((buffer (parleq--dictation-buffer dictation))
        (begin (parleq--dictation-begin dictation)))
    (when (and (buffer-live-p buffer)
               (not (eq (parleq--dictation-ending dictation) 'cancel)))
      (let ((overlay (or (parleq--dictation-overlay dictation)
                         (setf (parleq--dictation-overlay dictation)
                               (make-overlay 1 1 buffer))))
            (end (parleq--dictation-end dictation)))
        (move-overlay overlay begin (or end begin) buffer)
        (overlay-put overlay 'parleq t)
        (overlay-put overlay 'face (and end 'parleq-refining))
        (overlay-put overlay 'after-string (parleq--shown dictation))))))

(defun parleq--shown (dictation)
  "Return the words of DICTATION so far, and what else it is doing."
  (let* ((stable (parleq--dictation-stable dictation))
         (provisional (parleq--dictation-provisional dictation))
         (silent (string-empty-p (concat stable provisional))))
    (concat (propertize stable 'face 'parleq-stable)
            (propertize provisional 'face 'parleq-provisional)
            (propertize (pcase (parleq--dictation-phase dictation)
                          ('starting "[microphone…]")
                          ('recording (if silent "[listening…]" ""))
                          ('working "[…]")
                          ('lost "[waiting for parleqd]"))
                        'face 'parleq-label))))

(defun parleq--hide (dictation)
  "Show nothing of DICTATION any more."
  (when (parleq--dictation-overlay dictation)
    (delete-overlay (parleq--dictation-overlay dictation))
    (setf (parleq--dictation-overlay dictation) nil)))

(defun parleq--lighter ()
  "Return the mode line's word on the daemon and what it does for us."
  (let ((phases (mapcar #'parleq--dictation-phase
                        (cl-remove 'cancel parleq--dictations
                                   :key #'parleq--dictation-ending))))
    (cond
     ((memq 'recording phases)
      (concat " Parleq:" (propertize "rec" 'face 'parleq-recording)))
     ((memq 'lost phases) " Parleq:lost")
     (phases " Parleq:…")
     (parleq--introduced " Parleq")
     (parleq--refused " Parleq:!")
     (t " Parleq:off"))))

;;; Into the buffer

(defun parleq--here ()
  "Return a dictation whose text is for point in the current buffer."
  (parleq--dictation-make :buffer (current-buffer)
                          :begin (copy-marker (point))))

(defun parleq--terminal ()
  "Return what types a text into the current buffer's terminal, or nil.
Where a line is edited before it is sent, the text is inserted instead."
  (cond
   ((derived-mode-p 'vterm-mode) (lambda (text) (vterm-send-string text t)))
   ((and (derived-mode-p 'term-mode) (term-in-char-mode))
    #'term-send-raw-string)))

(defun parleq--prompt-end ()
  "Return where input begins in the current buffer if that is a shell, or nil."
  (cond
   ((derived-mode-p 'comint-mode 'term-mode)
    (when-let ((process (get-buffer-process (current-buffer))))
      (marker-position (process-mark process))))
   ((derived-mode-p 'eshell-mode)
    (marker-position (symbol-value 'eshell-last-output-end)))))

(defun parleq--one-line (text)
  "Return TEXT without line ends and other control characters.
A terminal would obey them, and nothing that was spoken starts a command."
  (let ((control "[\u0000-\u001f\u007f-\u009f]+"))
    (replace-regexp-in-string control " " (string-trim-right text control))))

(defun parleq--insert (dictation text)
  "Put TEXT where DICTATION began.  Signal an error where that cannot be."
  (let ((buffer (parleq--dictation-buffer dictation)))
    (unless (buffer-live-p buffer)
      (error "The buffer of the dictation is gone"))
    (with-current-buffer buffer
      (when-let ((obstacle (parleq--obstacle)))
        (error "%s %s" (buffer-name) obstacle))
      (if-let ((type (parleq--terminal)))
          (funcall type (parleq--one-line text))
        (save-restriction
          (widen)
          (parleq--insert-widened dictation text))))))

(defun parleq--obstacle ()
  "Return what forbids changing the current buffer, or asks first; or nil."
  (cond
   ((and (minibufferp) (not (minibufferp nil t))) "is not active any more")
   ((parleq--terminal)
    (unless (process-live-p (get-buffer-process (current-buffer)))
      "has no process any more"))
   (buffer-read-only "is read-only")
   (t (with-current-buffer (or (buffer-base-buffer) (current-buffer))
        (when (and buffer-file-name (not (buffer-modified-p)))
          (cond
           ((not (verify-visited-file-modtime)) "has changed on disk")
           ((stringp (file-locked-p buffer-file-name))
            "is edited by somebody else")))))))

(defun parleq--insert-widened (dictation text)
  "Put TEXT where DICTATION began in the current buffer, as one undo step.
Point stays where it is, unless it has waited at that place."
  (let* ((end (parleq--dictation-end dictation))
         (begin (parleq--settled-begin dictation))
         (until (if end (marker-position end) begin))
         (windows (cl-remove-if-not
                   (lambda (window) (<= begin (window-point window) until))
                   (get-buffer-window-list nil nil t)))
         (waits (<= begin (point) until))
         (later (parleq--later-at dictation begin))
         (deactivate-mark nil)
         after)
    (when (and end (not (equal (buffer-substring-no-properties begin until)
                               (parleq--dictation-baseline dictation))))
      (error "The text in %s that was to be changed is another one by now"
             (buffer-name)))
    (undo-boundary)
    (atomic-change-group
      (save-excursion
        (goto-char begin)
        (delete-region begin until)
        (insert (if (parleq--prompt-end) (parleq--one-line text) text))
        (setq after (point))))
    (undo-boundary)
    (when waits (goto-char after))
    (dolist (window windows) (set-window-point window after))
    (dolist (other later)
      (set-marker (parleq--dictation-begin other) after)
      (parleq--show other))))

(defun parleq--settled-begin (dictation)
  "Return the position in the current buffer for the text of DICTATION.
Where a shell has its output is no place for input: that is at the end."
  (let ((begin (marker-position (parleq--dictation-begin dictation)))
        (prompt-end (parleq--prompt-end)))
    (if (and prompt-end (< begin prompt-end)) (point-max) begin)))

(defun parleq--later-at (dictation begin)
  "Return the dictations that began after DICTATION at the same place, BEGIN.
Their texts come behind its own."
  (cl-remove-if-not
   (lambda (other)
     (and (eq (parleq--dictation-buffer other) (current-buffer))
          (not (parleq--dictation-end other))
          (= (parleq--dictation-begin other) begin)))
   (cdr (memq dictation parleq--dictations))))

;;; Commands

(defun parleq--context ()
  "Return what the daemon is told of the current buffer: its kind of text."
  (let ((name (string-remove-suffix "-mode" (symbol-name major-mode))))
    `(:app "emacs"
      :file_type ,(or (alist-get major-mode parleq-file-types)
                      (string-remove-suffix "-ts" name))
      ,@(when parleq-language (list :language parleq-language)))))

(defun parleq--recording ()
  "Return the dictation that is being recorded, or nil."
  (cl-find-if (lambda (one)
                (and (memq (parleq--dictation-phase one) '(starting recording))
                     (null (parleq--dictation-ending one))))
              parleq--dictations :from-end t))

(defun parleq--check-start ()
  "Refuse to begin a dictation where its text could not go."
  (when-let ((recording (parleq--recording)))
    (user-error "A dictation is being recorded already, in %s"
                (parleq--dictation-buffer recording)))
  (unless (parleq--terminal) (barf-if-buffer-read-only)))

(defun parleq--params (&rest more)
  "Return the params that begin a dictation here, with MORE."
  `(:source "microphone" :deliver "return" :on_disconnect "stop"
    :context ,(parleq--context) ,@more))

;;;###autoload
(defun parleq-start ()
  "Begin a dictation: its text will come to where point is now."
  (interactive)
  (parleq--check-start)
  (parleq--begin 'session/start (parleq--params) (parleq--here)))

;;;###autoload
(defun parleq-stop ()
  "End the recording; the text comes in a moment."
  (interactive)
  (let ((dictation (or (parleq--recording)
                       (user-error "No dictation is being recorded"))))
    (setf (parleq--dictation-ending dictation) 'stop)
    (parleq--enter dictation 'working)
    (when (parleq--dictation-id dictation)
      (parleq--end-recording dictation))))

;;;###autoload
(defun parleq-toggle ()
  "End the recording if there is one, else begin a dictation at point."
  (interactive)
  (if (parleq--recording) (parleq-stop) (parleq-start)))

;;;###autoload
(defun parleq-cancel ()
  "Give up the dictation that is being recorded, else the latest on its way."
  (interactive)
  (let ((dictation (or (parleq--recording)
                       (cl-find 'cancel parleq--dictations :from-end t
                                :key #'parleq--dictation-ending :test-not #'eq)
                       (user-error "There is no dictation to be cancelled"))))
    (setf (parleq--dictation-ending dictation) 'cancel)
    (parleq--hide dictation)
    (when (and (parleq--dictation-id dictation) parleq--introduced)
      (parleq--give-up dictation))
    (force-mode-line-update t)
    (message "Parleq: cancelled")))

;;;###autoload
(defun parleq-refine-region (begin end)
  "Change the text between BEGIN and END as you say: \"make it shorter\".
That text is sent to the daemon.  What is said is recorded until
`parleq-stop' or `parleq-toggle'; the new text replaces the old one in
one undo step, unless that was edited meanwhile."
  (interactive "*r")
  (when (= begin end) (user-error "The region is empty"))
  (parleq--check-start)
  (let ((text (buffer-substring-no-properties begin end)))
    (parleq--begin 'session/start
                   (parleq--params :refine (list :text text))
                   (parleq--dictation-make :buffer (current-buffer)
                                           :baseline text
                                           :begin (copy-marker begin t)
                                           :end (copy-marker end)))
    (deactivate-mark)))

;;;###autoload
(defun parleq-recover ()
  "Recognise the last recording once more; its text comes to point."
  (interactive)
  (parleq--check-start)
  (let ((dictation (parleq--here)))
    (setf (parleq--dictation-phase dictation) 'working
          (parleq--dictation-ending dictation) 'stop)
    (parleq--begin 'session/recover parleq--nothing dictation)))

;;;###autoload
(defun parleq-last (&optional copy)
  "Insert the latest text that waits; where none does, the last once more.
It goes to point; with a prefix argument, COPY it to the kill ring."
  (interactive "P")
  (unless (or copy (parleq--terminal)) (barf-if-buffer-read-only))
  (let ((place (unless copy (parleq--here))))
    (parleq--reach
     (lambda ()
       (when parleq--taking (user-error "A text is on its way already"))
       (setq parleq--taking t)
       (parleq--request 'session/pending '(:all t)
                        (lambda (answer)
                          (parleq--take (parleq--offered answer) place))
                        #'parleq--not-taken)))))

(defun parleq--not-taken (problem)
  "Tell that `parleq-last' had no text to insert because of PROBLEM."
  (setq parleq--taking nil)
  (parleq--complain problem))

(defun parleq--take (waiting place)
  "Claim the first session of WAITING that is free, and put its text to PLACE.
PLACE is a dictation, or nil for the kill ring."
  (if (null waiting)
      (parleq--request 'history/last parleq--nothing
                       (lambda (entry)
                         (parleq--hand-out (plist-get entry :result) place)
                         (message "Parleq: none waits; the last once more"))
                       #'parleq--not-taken)
    (let ((ref (list :session_id (plist-get (car waiting) :session_id))))
      (parleq--request
       'session/claim ref
       (lambda (_)
         (parleq--request 'session/result ref
                          (lambda (result)
                            (parleq--hand-out result place)
                            (parleq--acknowledge (plist-get ref :session_id)
                                                 "verified"))
                          #'parleq--not-taken 'patiently))
       (lambda (problem)
         (if (parleq--gone-p problem)
             (parleq--not-taken problem)
           (parleq--take (cdr waiting) place)))))))

(defun parleq--hand-out (result place)
  "Put the text of RESULT to PLACE, or into the kill ring."
  (setq parleq--taking nil)
  (if place
      (parleq--insert place (parleq--text-of result))
    (kill-new (plist-get result :text))
    (message "Parleq: the text is in the kill ring")))

;;; Doctor

;;;###autoload
(defun parleq-doctor ()
  "Try every part that dictation needs, and say what to do about each."
  (interactive)
  (with-current-buffer (get-buffer-create "*parleq doctor*")
    (special-mode)
    (let ((inhibit-read-only t)) (erase-buffer))
    (parleq--verdict "ok" "Emacs"
                     (format "%s, with parleq.el %s"
                             emacs-version parleq--version))
    (condition-case problem
        (progn
          (parleq--connect)
          (parleq--verdict "ok" "socket" (parleq--socket))
          (parleq--reach #'parleq--ask-doctor))
      (user-error
       (parleq--verdict "failed" "socket" (error-message-string problem))))
    (display-buffer (current-buffer))))

(defun parleq--ask-doctor ()
  "Have the daemon try its parts."
  (parleq--verdict "ok" "handshake"
                   (format "protocol %d; the daemon tries its parts…"
                           parleq--protocol))
  (parleq--request 'doctor/run parleq--nothing
                   (lambda (answer)
                     (mapc (lambda (check)
                             (parleq--verdict (plist-get check :verdict)
                                              (plist-get check :check)
                                              (parleq--words check)))
                           (plist-get answer :checks))
                     (parleq--verdict (plist-get answer :verdict)
                                      "all in all" ""))
                   (lambda (problem)
                     (parleq--verdict "failed" "daemon"
                                      (parleq--words problem)))
                   'patiently))

(defun parleq--verdict (verdict check words)
  "Add a line to the doctor's findings: VERDICT on CHECK in WORDS."
  (when-let ((buffer (get-buffer "*parleq doctor*")))
    (with-current-buffer buffer
      (let ((inhibit-read-only t))
        (save-excursion
          (goto-char (point-max))
          (insert (format "%-8s %s%s%s\n" verdict check
                          (if (string-empty-p words) "" ": ") words)))))))

;;; Mode

;;;###autoload (autoload 'parleq-command-map "parleq" nil t 'keymap)
(defvar parleq-command-map
  (let ((map (make-sparse-keymap)))
    (define-key map (kbd "d") #'parleq-toggle)
    (define-key map (kbd "k") #'parleq-cancel)
    (define-key map (kbd "l") #'parleq-last)
    (define-key map (kbd "r") #'parleq-refine-region)
    (define-key map (kbd "a") #'parleq-recover)
    (define-key map (kbd "?") #'parleq-doctor)
    map)
  "The commands of dictation, to be bound to a prefix key of your own.")
(fset 'parleq-command-map parleq-command-map)

;;;###autoload
(define-minor-mode parleq-mode
  "Keep in touch with parleqd, the dictation daemon, and show its state.
Commands of dictation turn this on by themselves.  Turned on early, as in
the init file, it also tells of texts that an earlier Emacs has left."
  :global t
  :lighter (:eval (parleq--lighter))
  (if parleq-mode
      (progn
        (setq parleq--refused nil
              parleq--pause parleq--first-pause)
        (parleq--retry))
    (parleq--cancel-timer)
    (when parleq--dictations
      (message "Parleq: what was said waits; `parleq-last' has it"))
    (mapc #'parleq--forget (copy-sequence parleq--dictations))
    (setq parleq--looked nil)
    (parleq--hang-up)))

(provide 'parleq)
;;; parleq.el ends here
